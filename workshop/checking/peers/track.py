"""A room in which somebody runs as evenly as can be, and where their program shows that."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from msgspec.structs import replace

from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_room import ScriptedRoom, awaited, going_on, standstill
from workshop.checking.program import START_SECONDS, Program
from workshop.checking.verdict import Place, Wrong
from workshop.game.entities import Player
from workshop.game.units import STEP_UNITS, UNIT

BEN, CY = 2, 3  # other players
START = (100 * UNIT, 800 * UNIT)  # where Ben begins to run to the right
TICK_RATE = 30.0
SPEED = STEP_UNITS * TICK_RATE  # Ben's, in units a second
REGULAR, UNEVEN = (3,), (1, 4)  # ticks from one snapshot to the next
WARM_UP = 0.4  # seconds until clocks and delays have been found
STILL = 5  # frames
SETTLING = 3.0  # seconds that anybody may take to get to where it stays


class Shown(NamedTuple):
    """Where a frame showed Ben, and when, in seconds of the room."""

    time: float
    x: int


class Track(ScriptedRoom):
    """A room in which Ben runs to the right, as evenly as can be.

    Args:
        gaps: ticks from one snapshot to the next, over and over.

    Attributes:
        sent: where the snapshots had Ben, and when they left.
    """

    def __init__(self, port: int, *, gaps: Sequence[int] = REGULAR, **more: Any) -> None:
        super().__init__(port, tick_rate=TICK_RATE, on_tick=self._run_on, **more)
        self._due = {tick % sum(gaps) for tick in accumulate(gaps)}
        self._period = sum(gaps)
        self.players[BEN] = Player("Ben", 1, *START)
        self.sent: list[Shown] = []
        self.runs_since: int | None = None

    def is_due(self) -> bool:
        return self.tick % self._period in self._due

    def publish(self, *, full: bool = False) -> None:
        super().publish(full=full)
        self.sent.append(Shown(self.time, self.players[BEN].x))

    def run(self) -> None:
        """Ben begins to run, from where he started."""
        self.runs_since = self.tick

    def stop(self) -> None:
        """Ben stands still."""
        self.runs_since = None

    def _run_on(self) -> None:
        if self.runs_since is not None:
            x = START[0] + (self.tick - self.runs_since) * STEP_UNITS
            self.players[BEN] = replace(self.players[BEN], x=x)

    def lag(self, shown: Shown) -> float:
        """How long ago Ben was there, in seconds."""
        assert self.runs_since is not None
        return shown.time - (self.runs_since + (shown.x - START[0]) / STEP_UNITS) / self.tick_rate


@contextlib.asynccontextmanager
async def watching(lab: Lab, **more: Any) -> AsyncIterator[tuple[Track, Program]]:
    """Their client in a room of ours, as soon as it shows Ben."""
    room = Track(lab.ports.free(), **more)
    program = lab.program("client", "--host", "127.0.0.1", "--port", room.port, window=True)
    async with room, program:
        expected = "the window shows another player, who was there before"
        if not await program.until(
            lambda: ben(room, program) or program.exit_code is not None, START_SECONDS
        ):
            raise Wrong(
                expected,
                f"no frame with it within {START_SECONDS:.0f} seconds",
                "sample has nobody in it, or what it returns is not drawn",
                place=sampling(lab),
                hint="sample returns all players by their id, those who stand still, too",
            )
        if program.exit_code is not None:
            raise program.ended_early(expected)
        async with going_on(program):
            yield room, program


async def run(room: Track, program: Program, frames: int, seconds: float) -> list[Shown]:
    """Let Ben run, and return where he was shown, once that has become steady.

    Raises:
        Wrong: there are no more frames.
    """
    if room.runs_since is None:
        room.run()
        await awaited(program, lambda: room.lag(Shown(room.time, START[0])) > WARM_UP)
    since, begin = len(ben(room, program)), room.time
    await awaited(
        program,
        lambda: len(ben(room, program)) >= since + frames and room.time > begin + seconds,
        2 * SETTLING,
    )
    if len(way := ben(room, program)[since:]) < STILL:
        raise standstill(program)
    return way


async def arrives(room: Track, program: Program) -> bool:
    """Wait until Ben is shown, for some frames, exactly where he is."""
    goal = room.players[BEN].x
    still = [goal] * STILL
    return bool(
        await awaited(program, lambda: [it.x for it in ben(room, program)[-STILL:]] == still, SETTLING)
    )


def ben(room: Track, program: Program) -> list[Shown]:
    """Where Ben was shown, frame by frame."""
    return [
        Shown(room.time_of(frame.time), frame.scene[BEN][0])
        for frame in program.frames
        if frame.scene and BEN in frame.scene
    ]


def sampling(lab: Lab, pattern: str = r"^\0") -> Place | None:
    """A line of interpolation.py that matches, or where `sample` begins."""
    return lab.stage.find("interpolation.py", pattern) or lab.stage.function("interpolation.py", "sample")
