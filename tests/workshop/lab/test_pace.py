"""A machine that is too slow is noticed, and gets less to do."""

from netlib.play.timing import MAX_FRAME_TIME
from workshop.lab.engine.pace import FPS, LEAST_FPS, WATCH, Pace


def verdicts(pace: Pace, fps: float, *, skips: float = 0.0, seconds: float = 10.0) -> list[str]:
    """Return what is said in so many seconds, with so many ticks skipped in each."""
    count = round(seconds * fps)
    said = [pace.frame(1 / fps, round(skips * frame / fps), 30.0) for frame in range(count)]
    return [word for word in said if word]


def test_a_fast_machine_hears_nothing() -> None:
    """Sixty frames, or nearly, and few skipped ticks are fine."""
    pace = Pace()
    assert not verdicts(pace, 55, skips=2)
    assert pace.fps == FPS


def test_frames_are_halved_as_often_as_needed() -> None:
    """Twenty frames a second are too few for sixty and for thirty, and not too few for fifteen."""
    pace = Pace()
    assert verdicts(pace, 20) == ["frames", "frames"]
    assert pace.fps == LEAST_FPS
    assert not verdicts(pace, 5)


def test_skipped_ticks_are_told() -> None:
    """Frames come in time and ticks do not; what was skipped before the first frame does not count."""
    assert "ticks" in verdicts(Pace(), 60, skips=10)
    pace = Pace()
    assert not [word for _ in range(600) if (word := pace.frame(1 / 60, 1000, 30.0))]


def test_a_dragged_window_is_not_slow() -> None:
    """One frame in which all stood still for an hour counts as a long frame, and no more."""
    pace = Pace()
    assert not verdicts(pace, 60, seconds=1)
    assert not pace.frame(MAX_FRAME_TIME, 108_000, 30.0)
    assert not [word for _ in range(600) if (word := pace.frame(1 / 60, 108_000, 30.0))]
    assert "ticks" in [pace.frame(1 / 60, 108_000 + frame, 30.0) for frame in range(600)]


def test_what_takes_long_on_any_machine_does_not_count() -> None:
    """Who begins anew before each verdict never hears one."""
    pace = Pace()
    for _ in range(9):
        assert not verdicts(pace, 10, skips=9, seconds=0.6 * WATCH)
        pace.begin()
    assert pace.fps == FPS
