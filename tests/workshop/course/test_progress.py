"""Progress as values: what is begun, passed and counted, and what a newer version wrote is kept."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.course import ALPHA, OMEGA, READY
from workshop.course.progress import BadProgress, Progress
from workshop.steps import Step

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("course_root")


def later(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def written(progress: Progress) -> dict[str, Any]:
    """What is in the file."""
    told: dict[str, Any] = json.loads(progress.to_json())
    return told


def again(progress: Progress) -> Progress:
    """The same, after it was written and read."""
    return Progress.from_json(progress.to_json())


def test_nobody_has_begun() -> None:
    """Without a file the first step is the current one, and nothing is begun."""
    progress = Progress()
    assert progress.current == READY
    assert [progress.of(step).state for step in (READY, ALPHA, OMEGA)] == ["to do"] * 3
    assert progress.seconds(READY, NOON) == 0


def test_starting() -> None:
    """A step that somebody turns to is the current one, and its time runs from the first time on."""
    progress = Progress()
    progress.start(ALPHA, NOON)
    progress.start(READY, later(1))
    progress.start(ALPHA, later(5))
    progress = again(progress)
    assert progress.current == ALPHA and progress.of(ALPHA).state == "begun"
    assert progress.of(ALPHA).started_at == NOON.replace(microsecond=0)
    assert 599 <= progress.seconds(ALPHA, later(10)) <= 601


def test_passing() -> None:
    """It took from the first start to the end of the first check that is passed, whatever comes later."""
    progress = Progress()
    progress.start(ALPHA, NOON)
    progress.checked(ALPHA, passed=False, began=later(3), ended=later(4))
    assert progress.of(ALPHA).state == "begun"
    progress.checked(ALPHA, passed=True, began=later(9), ended=later(10))
    progress.checked(ALPHA, passed=False, began=later(20), ended=later(21))
    progress.checked(ALPHA, passed=True, began=later(30), ended=later(31))
    entry = again(progress).of(ALPHA)
    assert (entry.state, entry.seconds, entry.checks) == ("passed", 600, 4)
    assert entry.passed_at == later(10).replace(microsecond=0)
    assert progress.seconds(ALPHA, later(100)) == 600


def test_a_check_begins_a_step() -> None:
    """The first check of a step begins it, when nobody has started it, and it is the current one then."""
    progress = Progress()
    progress.checked(OMEGA, passed=True, began=NOON, ended=later(0.5))
    assert progress.current == OMEGA and progress.of(OMEGA).seconds == 30


def test_looking_back() -> None:
    """Checking a step once more that is passed leaves the current step where it is."""
    progress = Progress()
    progress.checked(READY, passed=True, began=NOON, ended=later(1))
    progress.start(ALPHA, later(2))
    progress.checked(READY, passed=False, began=later(3), ended=later(4))
    assert progress.current == ALPHA and progress.passed(READY)


def test_a_clock_that_is_set_back() -> None:
    """No step takes less than no time."""
    progress = Progress()
    progress.start(ALPHA, NOON)
    progress.checked(ALPHA, passed=True, began=later(-70), ended=later(-60))
    assert progress.of(ALPHA).seconds == 0


def test_hints_are_counted() -> None:
    """Of each TODO the highest hint that was shown is remembered."""
    progress = Progress()
    for level in (1, 3, 2):
        progress.hint_shown(ALPHA, "01.1", level)
    progress.hint_shown(ALPHA, "01.2", 1)
    assert again(progress).of(ALPHA).hints == {"01.1": 3, "01.2": 1}


def failing(progress: Progress, part: str, todo: str = "") -> None:
    """A check fails at this part, and locates this TODO."""
    progress.checked(ALPHA, passed=False, began=NOON, ended=NOON, part=part, todo=todo)


def test_where_a_check_failed_is_remembered() -> None:
    """The part and the TODO are those of the last check, or the TODO is found later; after a pass, none."""
    progress = Progress()
    failing(progress, "it turns", todo="01.2")
    entry = again(progress).of(ALPHA)
    assert (entry.stuck_at, entry.failed_part) == ("01.2", "it turns")
    failing(progress, "it stops")
    assert again(progress).of(ALPHA).stuck_at == ""
    progress.located(ALPHA, "01.1")
    assert again(progress).of(ALPHA).stuck_at == "01.1"
    progress.checked(ALPHA, passed=True, began=NOON, ended=NOON)
    entry = again(progress).of(ALPHA)
    assert (entry.stuck_at, entry.failed_part, entry.failed_times) == ("", "", 0)


def test_failures_in_a_row_are_counted() -> None:
    """They count while the same part fails; another part, or a check that passes, begins anew."""
    progress = Progress()
    for times in range(3):
        assert again(progress).failures_in_a_row(ALPHA, "it turns") == times
        failing(progress, "it turns")
    assert progress.failures_in_a_row(ALPHA, "it stops") == 0
    assert progress.failures_in_a_row(OMEGA, "it turns") == 0
    failing(progress, "it stops")
    failing(progress, "it turns")
    assert progress.failures_in_a_row(ALPHA, "it turns") == 1
    progress.checked(ALPHA, passed=True, began=NOON, ended=NOON)
    failing(progress, "it turns")
    assert progress.failures_in_a_row(ALPHA, "it turns") == 1


def test_a_file_of_an_older_version_is_read() -> None:
    """A file that knows nothing of failed parts is no mistake: nothing has failed."""
    older = b'{"current": "step01_alpha", "steps": {"step01_alpha": {"checks": 4, "hints": {"01.1": 1}}}}'
    entry = Progress.from_json(older).of(ALPHA)
    assert (entry.checks, entry.stuck_at, entry.failed_part, entry.failed_times) == (4, "", "", 0)


def test_times_from_elsewhere() -> None:
    """A time that somebody wrote with another offset is the same moment."""
    progress = Progress.from_json(b'{"steps": {"step01_alpha": {"started_at": "2026-03-01T14:00:00+02:00"}}}')
    assert progress.seconds(ALPHA, datetime(2026, 3, 1, 7, 1, tzinfo=timezone(-timedelta(hours=5)))) == 60


def test_what_we_do_not_know_is_kept() -> None:
    """Steps, keys and words of another version survive reading, changing and writing."""
    newer = {
        "current": "step99_later",
        "class": {"room": 3},
        "steps": {
            "step99_later": {"checks": 2, "mood": "fine"},
            "step01_alpha": {"checks": 1, "stars": [1, 2], "hints": {"01.7": 2}},
        },
    }
    progress = Progress.from_json(json.dumps(newer).encode())
    assert progress.current == READY, "an unknown step cannot be the current one"
    progress.checked(ALPHA, passed=False, began=NOON, ended=NOON)
    told = written(again(progress))
    assert told["class"] == {"room": 3}
    assert {"checks": 2, "mood": "fine"}.items() <= told["steps"]["step99_later"].items()
    kept = {"checks": 2, "stars": [1, 2], "hints": {"01.7": 2}}
    assert kept.items() <= told["steps"]["step01_alpha"].items()


def test_an_unknown_current_step_is_kept_until_another_is_chosen() -> None:
    """Only reading and hints do not move somebody from a step that we do not know."""
    progress = Progress.from_json(b'{"current": "step99_later"}')
    progress.hint_shown(ALPHA, "01.1", 1)
    assert written(progress)["current"] == "step99_later"
    progress.start(ALPHA, NOON)
    assert written(progress)["current"] == "step01_alpha"


def test_current_without_a_choice() -> None:
    """Where no step was chosen, the first that is not passed is the current one; after all, the last."""
    progress = Progress()
    for step in (READY, ALPHA, OMEGA):
        assert progress.first_open == step
        progress.checked(step, passed=True, began=NOON, ended=NOON)
    assert progress.first_open is None
    unchosen = Progress({**written(progress), "current": None})
    assert unchosen.current == OMEGA


def test_forgetting() -> None:
    """What is forgotten is gone from the file, too, and the rest is not."""
    progress = Progress()
    progress.start(READY, NOON)
    progress.start(ALPHA, NOON)
    progress = again(progress)
    progress.forget(ALPHA)
    progress.forget(OMEGA)
    assert written(progress)["steps"].keys() == {"step00_ready"}


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"null", b'"\xff"', b"\x00" * 50, b'{"steps": []}'),
        b'{"steps": {"step01_alpha": null}}',
        b'{"steps": {"step01_alpha": {"checks": "many"}}}',
        b'{"steps": {"step01_alpha": {"started_at": "yesterday"}}}',
        b'{"steps": {"step01_alpha": {"started_at": "2026-03-01T12:00:00"}}}',
        b'{"steps": {"step01_alpha": {"stuck_at": 3}}}',
        b'{"current": 3}',
    ],
)
def test_what_is_no_progress(data: bytes) -> None:
    """Anything else is refused with one kind of error, and a reason."""
    with pytest.raises(BadProgress, match=r"."):
        Progress.from_json(data)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    """Whatever lies there, it is progress or BadProgress."""
    with contextlib.suppress(BadProgress):
        Progress.from_json(data)


MOVES: list[Callable[[Progress, Step, datetime], object]] = [
    lambda progress, step, now: progress.start(step, now),
    lambda progress, step, now: progress.checked(step, passed=False, began=now, ended=now),
    lambda progress, step, now: progress.checked(step, passed=True, began=now, ended=now),
    lambda progress, step, _: progress.hint_shown(step, "01.1", 2),
    lambda progress, step, _: progress.forget(step),
]


@given(st.lists(st.tuples(st.sampled_from(MOVES), st.sampled_from([READY, ALPHA, OMEGA])), max_size=20))
def test_written_and_read(history: list[tuple[Callable[..., object], Step]]) -> None:
    """Whatever somebody does, what is written and read again is the same."""
    progress = Progress()
    for number, (move, step) in enumerate(history):
        move(progress, step, later(number))
    read = again(progress)
    assert (read.to_json(), read.current) == (progress.to_json(), progress.current)
