"""The time line: what is under which pixel, and what is said about it."""

import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window
from workshop.lab.explanation import Explanation
from workshop.lab.marks import Mark, Span, TimelineData
from workshop.lab.timeline import BOTTOM, COLOURS, LEFT, RIGHT, TOP, Timeline

RECT = pygame.Rect(0, 300, 1280, 150)
CLIENT, SERVER = (RECT.top + round(share * RECT.height) for share in (TOP, BOTTOM))
MIDDLE = (CLIENT + SERVER) // 2
ACROSS = (RECT.width - LEFT - RIGHT) / 2.0  # pixels per second
USUAL = [Mark("input", 200 + at, 8.0 + 0.05 * at, 8.13 + 0.05 * at) for at in range(8)]
LOST = Mark("input", 208, 8.4, 9.0)
WAITED = Mark("input", 209, 8.45, 9.0)
UNDER_WAY = Mark("input", 239, 9.95)
SNAPSHOTS = [
    Mark("snapshot", 1000, 8.6, 8.7),
    Mark("snapshot", 1002, 8.7, 8.8, replayed=6),
    Mark("snapshot", 1004, 8.8, 8.9, replayed=6, error=12.5),
]
DATA = TimelineData(10.0, [*USUAL, LOST, WAITED, *SNAPSHOTS, UNDER_WAY])


def x(time: float, data: TimelineData = DATA) -> int:
    """Where a time is on the screen."""
    return round(RECT.right - RIGHT - (data.now - time) * ACROSS)


def told(window: Window, place: tuple[int, int] | None, data: TimelineData = DATA) -> Explanation | None:
    return Timeline().draw(window.surface, RECT, window.text, data, place)


def words(window: Window, place: tuple[int, int], data: TimelineData = DATA) -> str:
    explanation = told(window, place, data)
    assert explanation is not None, place
    return f"{explanation.title}. {explanation.text}"


def test_an_input_goes_down(window: Window) -> None:
    """Half way in time it is half way down; one reads when it left and how long it took."""
    said = words(window, (x(8.265), MIDDLE))
    assert (
        "Input 204" in said.title() and "It left the client 1.8 s ago and took 130 ms to the server" in said
    )
    assert "prediction" in said


def test_a_snapshot_goes_up(window: Window) -> None:
    """The lines of snapshots lean the other way."""
    said = words(window, (x(8.625), SERVER - (SERVER - CLIENT) // 4))
    assert "Snapshot 1000" in said and "It left the server 1.4 s ago and took 100 ms to the client" in said


def test_pixels_have_the_colours_of_the_legend(window: Window) -> None:
    """On each line there is its colour; a lost input and the one behind it have that of late ones."""
    told(window, None)
    for time, name in ((8.265, "input"), (8.65, "snapshot"), (8.7, "late")):
        near = [window.surface.get_at((x(time) + at, MIDDLE))[:3] for at in (-1, 0, 1, 2)]
        wanted = COLOURS[name]
        assert min(sum(abs(a - b) for a, b in zip(it, wanted, strict=True)) for it in near) < 160, name


def test_a_lost_message_and_those_behind_it(window: Window) -> None:
    """Of the first one reads that it was lost, of the next for which one it waited."""
    steps = (SERVER - CLIENT) / 100
    lost = words(window, (x(8.4 + 0.6 * 0.1), round(CLIENT + 10 * steps)))
    assert "Input 208" in lost and "Others take 130 ms" in lost and "lost" in lost
    behind = words(window, (x(8.45 + 0.55 * 0.1), round(CLIENT + 10 * steps)))
    assert "Input 209" in behind and "waited behind 208" in behind


def test_a_longer_way_is_no_loss(window: Window) -> None:
    """When somebody moves the slider, messages take longer, but they do not come out in a bunch."""
    longer = [Mark("input", 208 + at, 8.4 + 0.05 * at, 8.9 + 0.05 * at) for at in range(6)]
    data = TimelineData(9.5, [*USUAL, *longer])
    assert data.held_up("input") == {}
    assert DATA.held_up("input") == {208: 208, 209: 208}


def test_nothing_is_late_while_nothing_has_come() -> None:
    """Nobody knows yet how long messages take: a slow link is not taken for a loss."""
    marks = [Mark("input", at, at / 10) for at in range(9)]
    assert TimelineData(1.0, marks).held_up("input") == {}


def test_a_message_under_way(window: Window) -> None:
    """It ends at the right, as far down as it should be by now."""
    said = words(window, (x(9.975), round(CLIENT + (SERVER - CLIENT) * 0.19)))
    assert "Input 239" in said and "still under way" in said and "to the server" not in said


def test_the_past_is_shown_as_it_was(window: Window) -> None:
    """Looked at earlier, a message that came later is under way, and what was sent later is not there."""
    earlier = TimelineData(8.5, DATA.marks)
    assert "still under way" in words(window, (x(8.45, earlier), CLIENT + 5), earlier)
    assert told(window, (x(8.0, earlier) + 2, RECT.top + 2), earlier) is None
    pieces = Timeline()
    pieces.draw(window.surface, RECT, window.text, earlier, None)
    assert {name[2] for name in (it.name for it in pieces._pieces)} == set(range(200, 210))


def test_replayed_inputs(window: Window) -> None:
    """Their arcs stand above the client's row, where the snapshot arrived."""
    said = words(window, (x(8.8) + 12, CLIENT - 8))
    assert (
        "Snapshot 1002, replayed inputs: 6" in said
        and "newest inputs (6)" in said
        and "Reconciliation" in said
    )


def test_a_correction(window: Window) -> None:
    """A diamond on the client's row tells by how much the prediction was off."""
    said = words(window, (x(8.9), CLIENT))
    assert "Wrong by 12.5 px" in said and "Snapshot 1004" in said and "server decides" in said


def test_the_interpolation_window(window: Window) -> None:
    """Between its two snapshots one reads how far in the past the others are drawn."""
    data = TimelineData(9.0, SNAPSHOTS, Span(1002, 1004, 1003.0))
    said = words(window, (x(8.8, data), MIDDLE), data)
    assert "Interpolation window" in said and "250 ms ago" in said and "tick 1003.0" in said
    assert "1002" in said and "1004" in said
    past = TimelineData(9.0, SNAPSHOTS, Span(1002, 1004, 1005.5))
    assert "guess" in words(window, (x(8.8, past), MIDDLE), past)
    raw = TimelineData(9.0, SNAPSHOTS, Span(1004, 1004, 1004.0))  # nothing is blended
    assert told(window, (x(8.9, raw), MIDDLE), raw) is None
    unknown = TimelineData(9.0, SNAPSHOTS, Span(7, 1004, 1003.0))
    assert told(window, (x(8.8, unknown), MIDDLE), unknown) is None


def test_beside_the_lines_nothing_is_told(window: Window) -> None:
    """Where nothing is, and outside, there is no explanation."""
    assert told(window, (x(9.5), MIDDLE)) is None
    assert told(window, (x(8.265), RECT.bottom + 40)) is None
    assert told(window, None) is None


def test_keys_go_through_all_of_it(window: Window) -> None:
    """With the focus the newest piece is told; Left and Right go to its neighbours, and stop at the ends."""
    line, titles = Timeline(), []
    line.focused = True
    for _ in range(40):
        explanation = line.draw(window.surface, RECT, window.text, DATA, None)
        assert explanation is not None
        titles.append(explanation.title)
        line.step(-1)
    assert titles[0] == "Input 239" and titles[-1] == titles[-2] == "Input 200"
    assert {"Wrong by 12.5 px", "Snapshot 1002, replayed inputs: 6", "Input 208"} <= set(titles)
    line.step(1)
    explanation = line.draw(window.surface, RECT, window.text, DATA, None)
    assert explanation is not None and explanation.title == "Input 201"
    line.focused = False
    assert line.draw(window.surface, RECT, window.text, DATA, None) is None


def test_what_is_chosen_moves_on(window: Window) -> None:
    """The chosen piece stays the same while time goes on; when it has gone, the newest is chosen."""
    line = Timeline()
    line.focused = True
    for now, title in (
        (9.8, "Snapshot 1004, replayed inputs: 6"),
        (9.9, "Snapshot 1004, replayed inputs: 6"),
    ):
        explanation = line.draw(window.surface, RECT, window.text, TimelineData(now, SNAPSHOTS), None)
        assert explanation is not None and explanation.title == title
    assert line.draw(window.surface, RECT, window.text, TimelineData(99.0, SNAPSHOTS), None) is None


@pytest.mark.parametrize(("rate", "most"), [(20, 44), (60, 70), (240, 90)])
def test_too_many_lines_are_thinned(window: Window, rate: int, most: int) -> None:
    """At any rate lines stay apart; as time goes on, the same ones stay."""
    marks = [Mark("input", at, at / rate, at / rate + 0.1) for at in range(10 * rate)]
    line, seen = Timeline(), []
    for now in (8.0, 8.0 + 2 / rate):
        line.draw(window.surface, RECT, window.text, TimelineData(now, marks), None)
        seen.append({piece.name for piece in line._pieces})
    assert 30 < len(seen[0]) <= most
    assert len(seen[0] ^ seen[1]) <= 6


numbers = st.one_of(st.floats(), st.sampled_from((0.0, -1.0, 1e308, -1e308, 9.9, 10.0, 1e-300)))
odd_marks = st.builds(
    Mark, st.sampled_from(("input", "snapshot")), st.integers(-3, 3) | st.integers(), numbers,
    st.none() | numbers, st.integers(-5, 10**6), numbers,
)  # fmt: skip
odd_spans = st.none() | st.builds(Span, st.integers(-3, 3), st.integers(-3, 3), numbers)
odd_data = st.builds(TimelineData, numbers, st.lists(odd_marks, max_size=8), odd_spans, numbers, numbers)
rects = st.tuples(*[st.integers(-50, 500)] * 2, *[st.integers(0, 4000)] * 2)


NAN, HUGE = float("nan"), 1e308
ODD = TimelineData(0.0, [Mark("snapshot", 1, -HUGE, HUGE), Mark("snapshot", 2, NAN, 0.0)], Span(1, 2, HUGE))


@example(ODD, (0, 0, 200, 150), 1.0, True)
@example(TimelineData(HUGE, [Mark("input", 1, -HUGE)]), (0, 0, 0, 0), 1.0, True)
@example(TimelineData(NAN, [], None, NAN, NAN), (0, 0, 200, 150), 1.0, False)
@given(odd_data, rects, st.sampled_from((0.15, 1.0, 2.0)), st.booleans())
def test_no_data_and_no_size_raises(
    data: TimelineData, rect: tuple[int, int, int, int], scale: float, focused: bool
) -> None:
    """Nothing, one mark, arrivals before sends, no numbers, huge ones; in a window of any size."""
    pygame.font.init()
    surface, text, line = pygame.Surface((200, 150)), Text(scale), Timeline()
    line.focused = focused
    for place in (None, (rect[0] + rect[2] // 2, rect[1] + rect[3] // 2), (100, 60)):
        line.draw(surface, pygame.Rect(rect), text, data, place)
        line.step(-1)
