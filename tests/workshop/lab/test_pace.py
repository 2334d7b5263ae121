"""A machine that is too slow is noticed, and gets less to do."""

from workshop.lab.engine.pace import FPS, LEAST_FPS, Pace


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
