"""Interpolation by hand: even motion out of uneven snapshots, and nobody where nobody was."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from solutions.step11_interpolation.interpolation import DELAY, KEEP, InterpolationBuffer
from workshop.game.entities import Player

BEN = 2
FRAME, INTERVAL = 1 / 60, 0.1  # seconds
SPEED = 3840  # units a second


def at(x: float) -> dict[int, Player]:
    """Give a snapshot's players: Ben, at this place."""
    return {BEN: Player("Ben", 0, round(x), 0)}


def played(buffer: InterpolationBuffer, seconds: float) -> list[int]:
    """Return where Ben is drawn, frame by frame, while nothing comes."""
    places = []
    for _ in range(round(seconds / FRAME)):
        buffer.advance(FRAME)
        places.append(buffer.sample()[BEN].x)
    return places


@settings(deadline=None)
@given(st.lists(st.floats(0, 0.06), min_size=20, max_size=40))
def test_a_runner_runs_evenly_when_snapshots_come_late(lateness: list[float]) -> None:
    """Up to 60 ms late: never back, never far in a frame, and soon always on the way."""
    buffer, arrivals = InterpolationBuffer(), [n * INTERVAL + late for n, late in enumerate(lateness)]
    places, now = list[int](), 0.0
    for number, arrival in enumerate(arrivals):
        places += played(buffer, max(0.0, arrival - now)) if number else []
        now = max(now, arrival)
        buffer.add(number * INTERVAL, at(number * INTERVAL * SPEED))
    ways = [after - before for before, after in pairwise(places)]
    assert min(ways) >= 0
    assert max(ways) <= 1.1 * FRAME * SPEED + 1
    assert min(ways[len(ways) // 2 :]) >= 0.9 * FRAME * SPEED - 1


def test_without_news_everybody_waits_at_the_newest_place() -> None:
    """Nobody runs on, however long nothing comes."""
    buffer = InterpolationBuffer()
    buffer.add(0.0, at(0))
    buffer.add(INTERVAL, at(384))
    assert played(buffer, 2.0)[-1] == 384


def test_a_long_silence_is_made_up_for_at_once() -> None:
    """The drawn moment jumps to where it should be."""
    buffer = InterpolationBuffer()
    buffer.add(0.0, at(0))
    played(buffer, 1.0)
    buffer.add(5.0, at(0))
    buffer.advance(FRAME)
    assert buffer.moment == 5.0 - DELAY


def test_a_player_put_elsewhere_does_not_slide() -> None:
    """Until the newer snapshot, one stays at the older place."""
    buffer = InterpolationBuffer()
    buffer.add(0.0, at(0))
    buffer.add(INTERVAL, at(20_000))
    assert set(played(buffer, 1.0)) == {0, 20_000}


def test_players_come_and_go() -> None:
    """In one of the two snapshots alone: nobody fails over it."""
    buffer = InterpolationBuffer()
    for time, players in ((0.0, at(0)), (INTERVAL, {7: Player("Cy", 0, 5, 5)})):
        buffer.add(time, players)
    buffer.moment = INTERVAL / 2
    assert buffer.sample() == at(0)
    buffer.moment = INTERVAL
    assert list(buffer.sample()) == [7]


def test_old_snapshots_are_dropped() -> None:
    """What is older than `KEEP` seconds is never drawn again."""
    buffer = InterpolationBuffer()
    for number in range(100):
        buffer.add(number * INTERVAL, at(0))
    assert len(buffer.snapshots) == round(KEEP / INTERVAL) + 1
