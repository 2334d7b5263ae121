"""The recorded half minute: pause, steps and slow motion, while new frames come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.lab.engine.history import SECONDS, History, Record
from workshop.lab.marks import Span

FRAME = 1 / 60


class Tape(History):
    """A history to which frames come; every second frame has a new snapshot."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0

    def run(self, frames: int) -> "Tape":
        """Let frames come."""
        nothing: Any = ()
        for _ in range(frames):
            self.now += FRAME
            self.add(Record(self.now, nothing, nothing, round(self.now / FRAME) // 2, Span(0, 0, 0.0)))
            self.pass_time(FRAME)
        return self


def test_live_shows_the_newest() -> None:
    """Until somebody stops it, what happens is shown."""
    tape = Tape().run(10)
    assert tape.shown.time == tape.now


def test_a_pause_shows_one_moment_while_frames_come() -> None:
    """The picture stands, and live is what happens now."""
    tape = Tape().run(10)
    moment = tape.now
    tape.play(0.0)
    assert tape.run(50).shown.time == moment
    tape.play(1.0)
    assert tape.shown.time == tape.now


@pytest.mark.parametrize("speed", [0.25, 0.1])
def test_slow_motion_falls_behind(speed: float) -> None:
    """What is shown goes on, but slower than what happens."""
    tape = Tape().run(10)
    start = tape.now
    tape.play(speed)
    assert tape.run(400).shown.time - start == pytest.approx(400 * FRAME * speed, abs=2 * FRAME)


def test_steps_go_frame_by_frame_and_by_snapshot() -> None:
    """One frame back or on; on to the frame in which another snapshot came; not beyond either end."""
    tape = Tape().run(20)
    newest = tape.shown
    tape.step(-1)
    assert newest.time - tape.shown.time == pytest.approx(FRAME)
    tape.step(1)
    tape.step(1)
    assert tape.shown is newest
    for _ in range(30):
        tape.step(-1)
    first = tape.shown
    tape.step(1, snapshots=True)
    assert first.snapshot + 1 == tape.shown.snapshot
    assert tape.shown.time - first.time <= 2 * FRAME + 1e-9


def test_what_is_paused_too_long_ago_is_not_kept() -> None:
    """The recording has half a minute; a moment before that is no longer shown."""
    tape = Tape().run(10)
    tape.play(0.0)
    tape.run(round((SECONDS + 5) / FRAME))
    assert tape.now - tape.shown.time == pytest.approx(SECONDS, abs=2 * FRAME)


def test_a_trail_ends_with_what_is_shown() -> None:
    """Dots are of the frames before the one that is looked at."""
    tape = Tape().run(30)
    tape.step(-1)
    assert tape.trail(5)[-1] is tape.shown and len(tape.trail(5)) == 5
    assert len(tape.trail(99)) == 29


moves = st.one_of(
    st.tuples(st.just("run"), st.integers(1, 2500)),
    st.tuples(st.just("play"), st.sampled_from((0.0, 0.1, 0.25, 1.0))),
    st.tuples(st.just("step"), st.sampled_from((1, -1)), st.booleans()),
)


@given(st.lists(moves, max_size=12))
def test_whatever_is_done_something_kept_is_shown(done: list[Any]) -> None:
    """Before the begin, behind the end, slow for longer than is kept: the picture is one of the recording."""
    tape = Tape().run(1)
    for what, much, *more in done:
        if what == "step":
            tape.step(much, snapshots=more[0])
        else:
            getattr(tape, what)(much)
        assert tape.trail(5)[-1] is tape.shown
        assert tape.now - tape.shown.time <= SECONDS + FRAME
        assert tape.speed != 1.0 or tape.shown.time == tape.now
