"""Plots: round scales that do not flicker, lines with gaps where nothing is known."""

import math
from collections.abc import Sequence

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import pixels
from workshop.game.drawing.net_graph.plot import TITLE, Curve, Plot, PlotPainter, Scale, nice, pieces
from workshop.game.drawing.net_graph.readings import SPAN, Reading
from workshop.game.drawing.palette import ACCENT, FADED
from workshop.game.drawing.window import Window

RTT = Curve(ACCENT, lambda it: it.rtt)
BOX = pygame.Rect(10, 10, 260, 60)


def readings(*values: float | None, every: float = 0.1, start: float = 0.0) -> list[Reading]:
    return [Reading(now=start + index * every, rtt=value) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("value", "expected"), [(0, 0), (0.7, 1), (1, 1), (1.2, 2), (29, 30), (31, 50), (51, 100), (1001, 2000)]
)
def test_round_numbers(value: float, expected: float) -> None:
    """A scale ends at 1, 2, 3, 5 or 10 times a power of ten."""
    assert nice(value) == pytest.approx(expected)


@given(st.floats(1e-6, 1e9))
def test_a_round_number_is_near(value: float) -> None:
    """It is not below the value, and at most twice as much."""
    assert value * (1 - 1e-6) <= nice(value) <= value * 2.0001


def test_a_scale_fits_at_once_and_shrinks_late() -> None:
    """What grows is seen whole at once; the scale gets smaller only when there is plenty of room."""
    scale = Scale(least=50)
    assert scale.fit(120) == 200
    assert scale.fit(90) == 200, "90 would nearly fill a scale to 100"
    assert scale.fit(60) == 100
    assert scale.fit(0) == 50


def test_a_scale_does_not_flicker() -> None:
    """A value that goes up and down about a round number changes the scale once."""
    scale = Scale(least=10)
    tops = [scale.fit(100 + 8 * math.sin(index)) for index in range(200)]
    assert len(set(tops[10:])) == 1


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_nothing_sticks_out_of_a_scale(peaks: list[float]) -> None:
    """Whatever came before, the top is not below what is shown."""
    scale = Scale(least=1)
    assert all(scale.fit(peak) >= peak for peak in peaks)


def test_the_line_breaks_where_nothing_is_known() -> None:
    """An unknown value, and a second without any sample, are gaps; the rest is joined."""
    samples = readings(1, 2, None, 3, 4, 5) + readings(6, start=2.0)
    assert [[value for _, value, *_ in piece] for piece in pieces(samples, RTT)] == [[1, 2], [3, 4, 5], [6]]
    assert pieces(readings(None, None), RTT) == []


def columns_of(samples: Sequence[Reading], window: Window) -> list[int]:
    """Draw the samples; return the columns of pixels that have the line's colour."""
    surface = pygame.Surface((280, 80), pygame.SRCALPHA)
    PlotPainter(Plot("RTT", 1, (RTT,), lambda it: ())).draw(surface, window.text, BOX, samples)
    rows = range(surface.height)
    return [x for x in range(surface.width) if any(tuple(surface.get_at((x, y))[:3]) == ACCENT for y in rows)]


def test_the_newest_is_at_the_right(window: Window) -> None:
    """A line over all the time goes from edge to edge of its field; one over half of it ends there, too."""
    full = columns_of(readings(*[0.5] * round(SPAN * 10 + 1)), window)
    half = columns_of(readings(*[0.5] * round(SPAN * 5 + 1)), window)
    assert full[0] <= BOX.left + 3 and full[-1] <= BOX.right
    assert half[-1] == full[-1]
    assert len(half) == pytest.approx(len(full) / 2, abs=3)


def test_a_gap_is_seen(window: Window) -> None:
    """Where the value was not known there is no line."""
    values = [0.5] * 40 + [None] * 20 + [0.5] * 41
    full = columns_of(readings(*[0.5] * 101), window)
    assert len(columns_of(readings(*values), window)) == pytest.approx(len(full) * 0.79, abs=4)


@pytest.mark.parametrize("values", [(None,), (0.0,), (1e9,), (1.0, None, 2.0)])
def test_any_values_can_be_drawn(window: Window, values: tuple[float | None, ...]) -> None:
    """Nothing known, a single sample, a gap: the title is there, and a line if there is a value and room."""
    area = Curve(ACCENT, lambda it: it.rtt, lambda it: (0.0, it.rtt or 0.0))
    painter = PlotPainter(Plot("RTT", 1, (RTT, area), lambda it: ()))
    for height in (60, window.text.px(TITLE), 5):
        surface = pygame.Surface((200, 60), pygame.SRCALPHA)
        painter.draw(surface, window.text, pygame.Rect(0, 0, 200, height), readings(*values))
        known = any(value is not None for value in values)
        assert pixels.count(surface, FADED) > 0
        assert (pixels.count(surface, ACCENT) > 0) is (known and height == 60)
