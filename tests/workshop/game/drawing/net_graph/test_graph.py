"""The net graph: it says what it was told, and hides nobody."""

from itertools import chain

import pygame
import pytest
from msgspec.structs import replace

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.drawing.net_graph.curves import PLOTS
from workshop.game.drawing.net_graph.graph import NetGraph, words_of
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.palette import WARNING
from workshop.game.drawing.window import Window

READING = Reading(
    now=20.0,
    rtt=0.212,
    jitter=0.038,
    snapshots_per_second=29.6,
    bytes_per_second_in=4230.0,
    bytes_per_second_out=812.0,
    prediction_error=40.0,
    corrections=3,
    verdict="jitter",
    worst_field="x",
    interpolation_delay=0.12,
    conditions=LinkConditions(0.2, 0.04, 0.02),
)
COLUMN = pygame.Rect(640, 200, 628, 474)


def words(reading: Reading) -> str:
    """All words below the graphs."""
    rows = chain.from_iterable(words_of(reading))
    return " ".join(word for row in rows for label in row for word, _ in label)


def labels(reading: Reading) -> list[str]:
    """The newest value of each plot."""
    return [" ".join(word for word, _ in plot.label(reading)) for plot in PLOTS]


def test_values_have_the_units_of_people() -> None:
    """Milliseconds, per second, kilobytes and pixels."""
    expected = ["212 ms ± 38", "30 per s", "in 4.2 out 0.8 KB/s", "2.5 px", "120 ms"]
    assert labels(READING) == expected


def test_what_is_not_known_is_a_dash() -> None:
    """Before anything was measured no number is shown."""
    assert labels(Reading(now=0.0)) == ["–"] * 5


def test_what_is_switched_off_has_no_value() -> None:
    """Without prediction there is no error, without interpolation no delay; the words say so."""
    reading = replace(READING, prediction_on=False, interpolation_on=False)
    assert labels(reading)[3:] == ["off", "off"]
    assert [plot.curves[0].value(reading) for plot in PLOTS[3:]] == [None, None]
    assert "F7 prediction off" in words(reading) and "F8 interpolation off" in words(reading)


def test_keys_and_conditions_are_told() -> None:
    """Below the graphs is what is simulated here, and which key changes it."""
    assert "F4 latency F5 jitter F6 loss 200 ms 40 ms 2 %" in words(READING)
    assert "F7 prediction on F8 interpolation on" in words(READING)


@pytest.mark.parametrize(
    ("verdict", "field", "expected"),
    [
        ("matched", "", "Prediction matched 3 corrections"),
        ("jitter", "x", "Prediction jitters in x 3 corrections"),
        ("diverging", "y", "Prediction diverges in y 3 corrections"),
        ("", "", "–"),
    ],
)
def test_the_verdict_is_told(verdict: str, field: str, expected: str) -> None:
    """How prediction and server get on, and where not."""
    assert words(replace(READING, verdict=verdict, worst_field=field)).startswith(expected)


def test_both_ends_add() -> None:
    """When the server makes the link worse, too, the graph says that this is added."""
    both = replace(READING, server_conditions=LinkConditions(0.1, 0.02, 0.01))
    assert "Server adds 100 ms ± 20 ms, 1.0% loss" in words(both)
    assert "adds" not in words(replace(READING, server_conditions=PERFECT))


def painted(window: Window) -> int:
    """How many pixels of the window are not black."""
    return pygame.mask.from_threshold(window.surface, (0, 0, 0), (1, 1, 1, 255)).count()


def test_nothing_is_drawn_before_the_first_reading(window: Window) -> None:
    """A graph that knows nothing is not there."""
    black = painted(window)
    NetGraph().draw(window.surface, window.text, COLUMN, None, 1 / 60)
    assert painted(window) == black


@pytest.mark.parametrize("height", [474, 400, 300, 200])
def test_the_panel_stays_in_its_column(window: Window, height: int) -> None:
    """It is drawn at the top right of what is free; where there is little room it has no graphs."""
    graph, column = NetGraph(), pygame.Rect(640, 200, 628, height)
    graph.feed(replace(READING, server_conditions=LinkConditions(0.1)))
    window.surface.fill((0, 255, 0))
    graph.draw(window.surface, window.text, column, None, 1 / 60)
    green = pygame.mask.from_threshold(window.surface, (0, 255, 0), (2, 2, 2, 255))
    green.invert()
    (panel,) = green.get_bounding_rects()
    assert panel.topright == column.topright
    assert column.contains(panel) or height == 200


def test_a_spike_is_drawn_and_leaves_again(window: Window) -> None:
    """A correction is a red spike for as long as the graph goes back, whatever frame paints which part."""
    graph, heights = NetGraph(), []
    for frame in range(16 * 60):
        graph.feed(replace(READING, now=frame / 60, prediction_error=960.0 if frame == 120 else 0.0))
        graph.draw(window.surface, window.text, COLUMN, None, 1 / 60)
        if frame in (100, 240, 15 * 60):
            heights.append(red_height(window))
    assert heights[1] > heights[0] + 10 and heights[2] == heights[0]


def red_height(window: Window) -> int:
    """How high the red line goes that is above the words."""
    plots = window.surface.subsurface(COLUMN.left, COLUMN.top, COLUMN.width, 340)
    red = pygame.mask.from_threshold(plots, WARNING, (30, 30, 30, 255))
    return max((box.height for box in red.get_bounding_rects()), default=0)


def test_one_sees_oneself_through_it(window: Window) -> None:
    """Over your own player the panel fades, and comes back when the player has left."""
    graph, place, seen = NetGraph(), (1100, 400), []
    for own in [None] * 30 + [place] * 30 + [(300, 300)] * 30:
        window.surface.fill((255, 255, 255))
        graph.feed(READING)
        graph.draw(window.surface, window.text, COLUMN, own, 1 / 60)
        seen.append(window.surface.get_at((COLUMN.right - 5, COLUMN.top + 60))[0])
    assert seen[29] < 60 and seen[59] > 150 and seen[89] == seen[29]
    assert seen[29] < seen[35] < seen[59], "it does not flash"


def test_an_opened_graph_shows_the_present(window: Window) -> None:
    """A graph that was hidden for a while is painted anew at once, not part by part."""
    graph, calm = NetGraph(), replace(READING, conditions=PERFECT, prediction_error=None)
    for now, verdict, red in ((1.0, "matched", False), (30.0, "diverging", True)):
        graph.feed(replace(calm, now=now, verdict=verdict))
        graph.draw(window.surface, window.text, COLUMN, None, 1 / 60)
        assert bool(pygame.mask.from_threshold(window.surface, WARNING, (9, 9, 9, 255)).count()) is red
