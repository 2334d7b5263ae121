"""The figures of a view, by hand."""

from math import sqrt

import pytest
from msgspec.structs import replace

from workshop.game.rules.entities import Player
from workshop.game.rules.units import UNIT
from workshop.lab.engine.measures import Figures, Meter

ME, OTHER = 1, 2


def measured(meter: Meter, x: float, now: float) -> Figures:
    """Measure a frame in which both stand at ``x`` pixels, and the server has them at 0."""
    player = Player(name="Ada", colour=0, x=round(x * UNIT), y=0)
    both = {ME: player, OTHER: player}
    truth = {id: replace(player, x=0) for id in both}
    return meter.measure(both, truth, ME, now)


def test_who_moves_evenly_has_no_jerk() -> None:
    """However long frames take, and when one takes as long as a laptop sleeps."""
    meter = Meter()
    for now in (100.0, 100.25, 100.375, 101.0, 105.0, 105.125):
        figures = measured(meter, 16 * (now - 100), now)
    assert figures.own_jerk == figures.others_jerk == 0.0
    assert figures.own == figures.others == pytest.approx(82)


def test_jerk_is_the_root_of_the_mean_square() -> None:
    """Two frames of 16 px/s, then one of rest: changes of 0 and 16; older ones are forgotten."""
    meter = Meter()
    for x, now in ((0, 0.0), (8, 0.5), (16, 1.0)):
        measured(meter, x, now)
    assert measured(meter, 16, 1.5).own_jerk == pytest.approx(sqrt((0 + 16**2) / 2))
    for now in (2.0, 2.5, 3.0, 3.5):
        figures = measured(meter, 16, now)
    assert figures.own_jerk == pytest.approx(sqrt(16**2 / 5))
    assert measured(meter, 16, 4.0).own_jerk == 0.0


def test_the_same_moment_twice_is_no_trouble() -> None:
    """A clock that stands still divides nothing by nothing."""
    meter = Meter()
    for _ in range(3):
        figures = measured(meter, 5, 7.0)
    assert figures.own_jerk == 0.0
