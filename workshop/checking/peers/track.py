"""A room in which somebody runs as evenly as can be, and where their program shows that."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

from msgspec.structs import replace

from netlib.transport.conditioner import Conditioner
from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_room import ScriptedRoom, going_on, standstill
from workshop.checking.program import Program
from workshop.game.rules.entities import Player
from workshop.game.rules.units import UNIT

BEN, CY = 2, 3  # other players
START = (100 * UNIT, 100 * UNIT)  # where Ben begins to run
STEPS = ((120, 40), (40, 120))  # units to the right and down in a tick: in turn, so that he runs in a zigzag
LEG = 5  # ticks from one corner to the next
TICK_RATE = 30.0
REGULAR, UNEVEN = (3,), (1, 4)  # ticks from one snapshot to the next
WARM_UP = 0.4  # seconds until clocks and delays have been found
STILL = 5  # frames
SETTLING = 3.0  # seconds that anybody may take to get to where it stays


class Sent(NamedTuple):
    """Where a snapshot had Ben, and at what time of the server."""

    time: float
    x: int
    y: int


class Shown(NamedTuple):
    """Where a frame showed Ben, and when, in seconds of the room."""

    time: float
    x: int
    y: int


class Unpunctual(Conditioner[str]):
    """A link on which every third snapshot takes longer."""

    def __init__(self, late: float) -> None:
        super().__init__()
        self._late, self._number = late, 0

    def _delay(self, now: float) -> float:
        self._number += 1
        return self._late if self._number % 3 == 0 else 0.0


class Track(ScriptedRoom):
    """A room in which Ben runs as evenly as can be.

    Args:
        gaps: ticks from one snapshot to the next, over and over.
        late: seconds by which every third snapshot comes late.

    Attributes:
        sent: where the snapshots had Ben.
        came: when they left for the client, in seconds of the room: the first of them first.
    """

    def __init__(self, port: int, *, gaps: Sequence[int] = REGULAR, late: float = 0.0, **more: Any) -> None:
        super().__init__(port, tick_rate=TICK_RATE, on_tick=self._run_on, **more)
        self._due = {tick % sum(gaps) for tick in accumulate(gaps)}
        self._period = sum(gaps)
        if late:
            self._line = Unpunctual(late)
        self.players[BEN] = Player("Ben", 1, *START)
        self.sent: list[Sent] = []
        self.came: list[float] = []
        self.runs_since: int | None = None

    def is_due(self) -> bool:
        return self.tick % self._period in self._due

    def publish(self, *, full: bool = False) -> None:
        if self._connection is not None:
            ben = self.players[BEN]
            self.sent.append(Sent(self.tick / self.tick_rate, ben.x, ben.y))
        super().publish(full=full)

    async def _say(self, text: str) -> None:
        self.came.append(self.time)
        await super()._say(text)

    def run(self) -> None:
        """Ben begins to run, from where he is."""
        self.runs_since = self.tick

    def stop(self) -> None:
        """Ben stands still."""
        self.runs_since = None

    def _run_on(self) -> None:
        if self.runs_since is not None:
            right, down = STEPS[(self.tick - self.runs_since) // LEG % len(STEPS)]
            ben = self.players[BEN]
            self.players[BEN] = replace(ben, x=ben.x + right, y=ben.y + down)


@contextlib.asynccontextmanager
async def watching(lab: Lab, *, driver: str = "", **more: Any) -> AsyncIterator[tuple[Track, Program]]:
    """Their client in a room of ours, as soon as it shows Ben."""
    room = Track(lab.ports.free(), **more)
    expected = "the window shows another player, who was there before"
    client = lab.client(
        room.port, expected=expected, symptom="nobody", shows=partial(places, room), driver=driver
    )
    async with room, client as program, going_on(program):
        yield room, program


async def run(room: Track, program: Program, frames: int, seconds: float) -> list[Shown]:
    """Let Ben run, and return where he was shown, once that has become steady.

    Raises:
        Wrong: there are no more frames.
    """
    if room.runs_since is None:
        room.run()
        begun = room.time
        await program.reaches(lambda: room.time > begun + 2 * WARM_UP)
    since, begin = len(places(room, program)), room.time
    await program.reaches(
        lambda: len(places(room, program)) >= since + frames and room.time > begin + seconds,
        2 * SETTLING,
    )
    if len(way := places(room, program)[since:]) < STILL:
        raise standstill(program)
    return way


def places(room: Track, program: Program) -> list[Shown]:
    """Where Ben was shown, frame by frame."""
    return [
        Shown(room.time_of(frame.time), *frame.scene[BEN])
        for frame in program.frames
        if frame.scene and BEN in frame.scene
    ]
