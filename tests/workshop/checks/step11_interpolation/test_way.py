"""What the places that frames show say of the drawn moments."""

from collections.abc import Callable

import pytest

from workshop.checking.peers.track import Sent, Shown
from workshop.checks.step11_interpolation.way import Way, drawn

SENT = [Sent(0.0, 0, 0), Sent(0.1, 300, 100), Sent(0.2, 400, 400), Sent(0.3, 700, 500)]
BEHIND = 0.15  # seconds


def place(moment: float) -> tuple[int, int]:
    """Where somebody is at a moment, on the straight way between two snapshots."""
    at = min(int(moment * 10), len(SENT) - 2)
    begin, end, share = SENT[at], SENT[at + 1], moment * 10 - at
    return round(begin.x + (end.x - begin.x) * share), round(begin.y + (end.y - begin.y) * share)


def way(moment_of: Callable[[float], float]) -> Way:
    """What 18 frames show that draw these moments."""
    times = [0.15 + frame / 60 for frame in range(18)]
    return Way(SENT, [Shown(time, *place(moment_of(time))) for time in times])


def test_an_even_way() -> None:
    """Moments that go by evenly are on the way, all as long ago, and never go back."""
    even = way(lambda time: time - BEHIND)
    assert (even.off, even.pace) == (0.0, (0.0, 0.0))
    assert even.lag == pytest.approx(BEHIND, abs=0.002)
    assert max(even.back, even.leap) < 0.002


def test_the_newest_snapshot() -> None:
    """Snapshots drawn as they are show their places exactly, stand, and leap."""
    steps = way(lambda time: int((time - BEHIND) * 10) / 10)
    assert steps.exact == 1.0
    assert steps.pace[0] > 0.3
    assert steps.leap == pytest.approx(0.1 - 1 / 60, abs=0.002)


def test_beside_the_way() -> None:
    """A place with the right x and another y is none of the way."""
    assert drawn(SENT, Shown(0.2, *place(0.15))).off < 1
    assert drawn(SENT, Shown(0.2, place(0.15)[0], 100)).off > 20


def test_a_leap_is_no_way() -> None:
    """Nobody is on the way between two places that are too far apart to be run in the time."""
    sent = [*SENT, Sent(0.4, 5000, 500), Sent(0.5, 5300, 600)]
    assert drawn(sent, Shown(0.5, 2900, 500)).off > 2000


def test_the_end_of_what_is_known() -> None:
    """A frame with the newest place counts as waiting, unless the news are old."""
    end = Way(SENT[:2], [Shown(0.15, 300, 100), Shown(0.3, 300, 100)])
    assert end.at_the_end([0.0, 0.1], 0.17) == 0.5
