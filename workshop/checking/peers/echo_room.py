"""A scripted room that answers echo requests when the check wants, and what is measured with it."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from itertools import takewhile
from typing import Any

from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_room import ME, ScriptedRoom
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checking.verdict import Wrong
from workshop.checking.wire import Frame
from workshop.game.rules.entities import Player

OTHER = 2  # a player who runs all the time: where it is says which snapshot is shown
TICK_RATE = 100.0  # ticks, inputs and snapshots per second
LOOKED_AT, ENOUGH = 10, 60  # pictures
FRAMES_TO_SEE = 3  # until what was pressed has had its effect
PRESSES = 5  # keys that are pressed at most to measure one delay
ESTIMATING = "workshop.checking.peers.estimating"
RTT = re.compile(r"RTT (\d+) ms")


class EchoRoom(ScriptedRoom):
    """A snapshot in each tick, and answers to echo requests.

    Attributes:
        answer_after: seconds from a request to its answer.
        asked: how many requests there were.
        ways: how long each was under way, in seconds.
        renewals: how often the client has asked for a whole snapshot, since a change did not fit.
    """

    def __init__(self, port: int, *, answer_after: float = 0.0, tick_rate: float = TICK_RATE) -> None:
        super().__init__(port, tick_rate=tick_rate, snapshot_ticks=1, on_tick=self._run_on)
        self.answer_after = answer_after
        self.asked = self.renewals = 0
        self.ways = list[float]()
        self._published: dict[int, float] = {}
        self._answers = set[asyncio.Task[None]]()
        self.players[OTHER] = Player("Ben", 1, *self.map.spawns[1])

    def _run_on(self) -> None:
        ben = self.players[OTHER]
        self.players[OTHER] = replace(ben, x=ben.x + 1)
        self._published[ben.x + 1] = self.time

    async def _hear(self, connection: ServerConnection, message: dict[str, Any]) -> None:
        if message["type"] == "ack" and message.get("tick") == 0:
            self.renewals += 1
            self._is_new = True
        if message["type"] != "echo_request":
            await super()._hear(connection, message)
            return
        self.asked += 1
        self.ways.append(self.time - self.time_of(message["time"]))
        answer = asyncio.create_task(self._answer(connection, message["time"], self.answer_after))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _answer(self, connection: ServerConnection, asked_at: float, seconds: float) -> None:
        await asyncio.sleep(seconds)
        words = f'{{"type":"echo_reply","time":{asked_at!r},"server_time":{self.time!r}}}'
        with contextlib.suppress(ConnectionClosed):
            await connection.send(words)

    async def __aexit__(self, *error: object) -> None:
        for answer in self._answers:
            answer.cancel()
        await super().__aexit__(*error)

    def age(self, frame: Frame) -> float | None:
        """How old what a frame shows was, in seconds, when it was shown; None when it shows no game."""
        x = frame.scene[OTHER][0] if frame.scene and OTHER in frame.scene else None
        return (
            None if x is None or x not in self._published else self.time_of(frame.time) - self._published[x]
        )

    async def freshness(self, program: Program, begin: float, enough: float) -> float:
        """How old pictures were that were shown since a time of the room: the smallest age, without stalls.

        It ends when some were seen, and one was young enough. Infinite when none shows the game.
        """

        def ages() -> list[float]:
            frames = reversed(program.frames)
            newest = takewhile(lambda frame: self.time_of(frame.time) > begin, frames)
            return [age for frame in newest if (age := self.age(frame)) is not None]

        await program.until(
            lambda: len(ages()) >= ENOUGH or (len(ages()) >= LOOKED_AT and min(ages()) < enough)
        )
        return min(ages(), default=float("inf"))

    def counted(self, seconds: float) -> int:
        """How many inputs came in the last seconds."""
        return sum(at > self.time - seconds for at in self.heard)

    async def reaction(self, program: Program, enough: Callable[[float], bool]) -> float:
        """Seconds from a key to its input, the best of some; it ends when one is good enough.

        Infinite when no input comes.
        """
        best = float("inf")
        await program.until(lambda: not self.inputs or self.inputs[-1].move[0] == 0)  # keys of before
        for number in range(PRESSES):
            way = 1 if number % 2 == 0 else -1
            seen, began = len(self.inputs), self.time
            program.hold("right" if way > 0 else "left")
            if not await program.until(lambda: self._first(seen, way) is not None):  # noqa: B023
                break
            best = min(best, (self._first(seen, way) or 0.0) - began)
            if enough(best):
                break
        program.hold()
        return best

    def _first(self, seen: int, way: int) -> float | None:
        """When the first input of those after ``seen`` came that goes that way."""
        new = zip(self.inputs[seen:], self.heard[seen:], strict=True)
        return next((at for move, at in new if move.move[0] * way > 0), None)


def in_game(program: Program) -> bool:
    """Whether its newest frame shows the game."""
    return bool(program.frames and program.frames[-1].scene and ME in program.frames[-1].scene)


async def press(program: Program, key: str) -> None:
    """Press a key and let go, and wait until the program has seen it: two presses are two changes."""
    program.hold(key)
    program.hold()
    seen = len(program.frames) + FRAMES_TO_SEE
    await program.until(lambda: len(program.frames) >= seen)


def best_rate(frames: list[Frame]) -> float:
    """Frames a second, over the best run of `LOOKED_AT` of them."""
    times = [frame.time for frame in frames]
    lengths = [end - begin for begin, end in zip(times, times[LOOKED_AT:], strict=False)]
    return LOOKED_AT / min(lengths) if lengths else 0.0


def shown_rtt(frame: Frame) -> float | None:
    """The round trip that a frame shows, in seconds; None when it shows none."""
    found = next((match for text in frame.texts if (match := RTT.search(text))), None)
    return int(found[1]) / 1000 if found else None


async def rtt_between(program: Program, low: float, high: float, seconds: float = PATIENCE) -> bool:
    """Wait until the window shows a round trip in this range. Returns whether it did."""

    def good() -> bool:
        rtt = shown_rtt(program.frames[-1])
        return rtt is not None and low <= rtt <= high

    return bool(await program.until(good, seconds))


async def estimates(lab: Lab, *measured: float) -> list[tuple[float, float]]:
    """What their `RoundTrip` says after each measurement: the smoothed round trip, and the variation.

    Raises:
        Wrong: it does not say that.
    """
    async with lab.program("round_trip", *measured, driver=ESTIMATING) as program:
        expected = "RoundTrip takes in measurements with `add`, and has `smoothed` and `variation`"
        if await program.ended(START_SECONDS):
            raise program.ended_early(expected)
        try:
            rows = [line.split() for line in program.lines[-len(measured) :]]
            return [(float(smoothed), float(variation)) for smoothed, variation in rows]
        except ValueError:
            raise Wrong(expected, f"after one they are {program.lines[-1]}", "no_estimate") from None
