"""The timetable: all steps in their order, breaks between them, lunch when a day is long."""

from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import steps
from workshop.course.timetable import BREAK, FULL_DAY, LUNCH, Item, plan, split

NINE = 9 * 60
MINUTES = st.lists(st.integers(1, 9).map(lambda fives: 5 * fives), min_size=1, max_size=20)
LONGEST_STRETCH = 100  # minutes, when no step is longer than 45


def of(track: str) -> list[int]:
    """The minutes of a track's steps."""
    return [step.minutes for step in steps.all_steps() if track in step.tracks]


def stretches(items: list[Item]) -> list[int]:
    """How long one works without a pause."""
    groups = groupby(items, lambda item: item.kind == "step")
    return [sum(item.end - item.begin for item in group) for at_work, group in groups if at_work]


@given(MINUTES, st.integers(0, 24 * 60))
def test_whatever_the_steps_are(minutes: list[int], start: int) -> None:
    """Nothing overlaps, no gap is left, all steps come in their order and length, no pause is at an end."""
    items = plan(minutes, start)
    assert items[0].begin == start
    assert all(before.end == after.begin for before, after in pairwise(items))
    taught = [item for item in items if item.kind == "step"]
    assert [item.step for item in taught] == list(range(len(minutes)))
    assert [item.end - item.begin for item in taught] == minutes
    assert items[0].kind == items[-1].kind == "step"
    assert all("step" in (before.kind, after.kind) for before, after in pairwise(items))
    # Breaks are never too far apart, and as long as they should be; there is one lunch at most, at noon.
    assert max(stretches(items)) <= LONGEST_STRETCH
    assert {item.end - item.begin for item in items if item.kind == "break"} <= {BREAK}
    lunches = [item for item in items if item.kind == "lunch"]
    assert len(lunches) <= (sum(minutes) >= FULL_DAY)
    assert all(lunch.begin >= 11 * 60 + 45 and lunch.end <= 13 * 60 + 45 for lunch in lunches)
    assert all(lunch.end - lunch.begin == LUNCH for lunch in lunches)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], ()),
        ([75], (1,)),
        ([25, 25, 25, 25, 25, 25], (3, 3)),
        ([10, 20, 20, 25, 30], (3, 2)),
        ([200, 5, 5], (1, 2)),
    ],
)
def test_where_the_breaks_are(minutes: list[int], expected: tuple[int, ...]) -> None:
    """Work is cut where its stretches come nearest to 75 minutes; a step is never cut."""
    assert split(minutes).stretches == expected


@pytest.mark.parametrize(("track", "pauses"), [("90-minutes", 1), ("half-day", 2), ("full-day", 4)])
def test_our_tracks(track: str, pauses: int) -> None:
    """From nine on, each track has as many pauses as one expects; only the full day has lunch."""
    items = plan(of(track), NINE)
    assert sum(item.kind != "step" for item in items) == pauses
    assert any(item.kind == "lunch" for item in items) == (track == "full-day")


@pytest.mark.parametrize("start", range(8 * 60, 10 * 60 + 1, 15))
def test_lunch_on_any_morning(start: int) -> None:
    """Whenever between eight and ten a full day begins, lunch is around noon; a class at two has eaten."""
    (lunch,) = [item for item in plan(of("full-day"), start) if item.kind == "lunch"]
    assert 11 * 60 + 45 <= lunch.begin <= 13 * 60
    assert not [item for item in plan(of("full-day"), 14 * 60) if item.kind == "lunch"]
