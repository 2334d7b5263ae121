"""A room in which the check decides what becomes of inputs, and how their program is put into it."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any, Literal

from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_room import ME, ScriptedRoom, going_on, standstill
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Point
from workshop.game.rules.movement import step
from workshop.game.rules.units import UNIT

LANE = (900 * UNIT, 800 * UNIT)  # from here one can run to the right for two seconds
STILL, STUCK = 5, 40  # frames
FEW = 3  # snapshots
SETTLING = 3.0  # seconds that a player may take to get to its place; a correction may be smoothed


class Referee(ScriptedRoom):
    """A room in which the check says what becomes of inputs.

    Attributes:
        rule: "apply" moves the player, "refuse" says that it did and moves nobody, "wait" leaves them lying.
    """

    def __init__(self, port: int, **more: Any) -> None:
        super().__init__(port, on_tick=self._take, **{"place": LANE} | more)
        self.rule: Literal["apply", "refuse", "wait"] = "apply"
        self.confirmed = 0

    def _take(self) -> None:
        if self.rule != "wait":
            self.confirm(len(self.inputs) - self.confirmed)

    def confirm(self, count: int) -> None:
        """Take so many more inputs."""
        for input in self.inputs[self.confirmed : self.confirmed + count]:
            self.confirmed += 1
            if input.seq > self.last_input_seq:
                self.last_input_seq = input.seq
                self.players[ME] = self.me if self.rule == "refuse" else step(self.me, input, self.map)

    def steps(self, first: int = 0, last: int | None = None) -> int:
        """How many of these inputs want to move."""
        return sum(input.move != (0, 0) for input in self.inputs[first:last])

    @property
    def calm(self) -> bool:
        """True when the newest input wants nothing, and is confirmed or waits after all others."""
        return bool(self.inputs) and self.inputs[-1].move == (0, 0)

    @property
    def ahead(self) -> Player:
        """Where all inputs lead that are not confirmed yet."""
        player = self.me
        for input in self.inputs[self.confirmed :]:
            player = step(player, input, self.map)
        return player


@contextlib.asynccontextmanager
async def playing(lab: Lab, *flags: object, **more: Any) -> AsyncIterator[tuple[Referee, Program]]:
    """Their client in a room of ours, as soon as it shows their player."""
    room = Referee(lab.ports.free(), **more)
    expected = "the window shows your player, where the first snapshot has it"
    client = lab.client(room.port, *flags, expected=expected, symptom="not_shown", shows=places)
    async with room, client as program, going_on(program):
        yield room, program


async def run(
    room: Referee, program: Program, keys: Sequence[str], count: int, *, confirmed: bool = True
) -> None:
    """Hold keys until so many inputs have come that want to move; the server has applied those.

    Args:
        confirmed: count all inputs that are confirmed; otherwise those that come from now on.

    Raises:
        Wrong: they do not come.
    """
    first = 0 if confirmed else len(room.inputs)
    program.hold(*keys)
    if not await program.reaches(lambda: room.steps(first, room.confirmed if confirmed else None) >= count):
        expected = f"while {' and '.join(keys)} is held, each tick sends an input that wants to move"
        raise Wrong(expected, f"{room.steps(first)} such inputs came in {PATIENCE:.0f} seconds", "too_few")


async def at_rest(room: Referee, program: Program) -> None:
    """Wait for an input that wants nothing, when no key is held any more. Raises `Wrong`: none comes."""
    if not await program.reaches(lambda: room.calm):
        expected = "when no key is held, each tick sends an input that wants nothing"
        raise Wrong(expected, f"none came in {PATIENCE:.0f} seconds", "too_few")


async def settled(room: Referee, program: Program, goal: Player) -> bool:
    """Wait until the player is shown at a place, for some frames from now on.

    It is given up early when snapshots have come, and nothing moves any more.

    Raises:
        Wrong: there are no more frames.
    """
    since, enough, told = len(places(program)), room.snapshots + FEW, float("inf")

    def still(first: float, frames: int) -> bool:
        shown = places(program)
        return len(shown) >= first + frames and len(set(shown[-frames:])) == 1

    def arrived() -> bool:
        return still(since, STILL) and places(program)[-1] == (goal.x, goal.y)

    def over() -> bool:
        nonlocal told
        if room.silent or room.snapshots >= enough:
            told = min(told, len(places(program)))
        return arrived() or still(told, STUCK)

    await program.reaches(over, SETTLING)
    if len(places(program)) < since + STILL:
        raise standstill(program)
    return arrived()


def places(program: Program) -> list[Point]:
    """Where the player was shown, frame by frame."""
    return [frame.me for frame in program.frames if frame.me]


def pixels(units: float) -> str:
    """A length in words."""
    return f"{abs(units) / UNIT:.4g} pixels"
