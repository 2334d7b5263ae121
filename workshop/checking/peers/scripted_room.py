"""A server whose every word a check decides: it moves nobody by itself, and notes all that it hears.

It speaks the protocol (netlib/PROTOCOL.md), for one client, on this machine alone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, Self

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from netlib.protocol.codecs import JSON
from netlib.protocol.frames import Pong, Welcome
from netlib.protocol.messages import Message
from netlib.state.state import State
from netlib.state.sync import Publisher
from netlib.transport.conditioner import PERFECT, Conditioner, LinkConditions
from netlib.transport.loops import clock
from workshop.checking.program import STAYS_OPEN, Program
from workshop.checking.verdict import Wrong
from workshop.game.rules.entities import ROUND_ID, Player, Round
from workshop.game.rules.maps import Map, Point, make_map
from workshop.game.rules.messages import Move

ME = 1  # the client's player
SEED = 5  # of the map
GOES_ON = 2.0  # seconds within which a window shows another frame
LINK_SEED = 12  # with it, the twelfth snapshot is lost first, when one in fifty is


class ScriptedRoom:
    """A room with one client in it. Use it as an async context.

    Args:
        port: where to listen, on 127.0.0.1.
        place: where the client's player stands at first.
        tick_rate: ticks per second.
        snapshot_ticks: ticks from one snapshot to the next.
        link: what happens to snapshots on their way.
        on_tick: called before each snapshot.

    Attributes:
        players: everybody, by id: the truth, to be changed by the check.
        inputs, heard: every input that came, and when, in seconds of the room.
        last_input_seq: what snapshots say of it.
        silent: True while no snapshots are sent.
        snapshots: how many have been sent.
    """

    def __init__(
        self,
        port: int,
        *,
        place: Point | None = None,
        tick_rate: float = 30.0,
        snapshot_ticks: int = 3,
        link: LinkConditions = PERFECT,
        on_tick: Callable[[], object] = lambda: None,
    ) -> None:
        self.map: Map = make_map(SEED)
        self.players = {ME: Player("Ada", 0, *(place or self.map.spawns[0]))}
        self.inputs: list[Move] = []
        self.heard: list[float] = []
        self.last_input_seq = 0
        self.silent = False
        self.tick = self.snapshots = 0
        self.tick_rate, self.snapshot_ticks = tick_rate, snapshot_ticks
        self.on_tick = on_tick
        self.port = port
        self._publisher = Publisher()
        self._line: Conditioner[str] = Conditioner(link, seed=LINK_SEED)
        self._connection: ServerConnection | None = None
        self._is_new = True
        self._news = asyncio.Event()
        self._open = contextlib.AsyncExitStack()

    @property
    def time(self) -> float:
        """Seconds since the room was opened."""
        return clock() - self._began

    def time_of(self, frame: float) -> float:
        """When a frame was shown: `time.perf_counter` is the same in all processes of a system."""
        return frame - self._began

    @property
    def me(self) -> Player:
        """The client's player, as the server has it."""
        return self.players[ME]

    async def __aenter__(self) -> Self:
        self._began = clock()
        await self._open.enter_async_context(
            serve(self._talk, "127.0.0.1", self.port, subprotocols=[Subprotocol(JSON.subprotocol)])
        )
        for task in (self._run(), self._deliver()):
            await self._open.enter_async_context(_running(task))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def _run(self) -> None:
        """Tick on time; a tick that is late is run late, and none is left out."""
        while True:
            self.tick += 1
            await asyncio.sleep(max(0.0, self.tick / self.tick_rate - self.time))
            self.on_tick()
            if self.is_due() and not self.silent:
                self.publish()

    def is_due(self) -> bool:
        """Whether this tick has a snapshot."""
        return self.tick % self.snapshot_ticks == 0

    def publish(self, *, full: bool = False) -> None:
        """Send a snapshot of this tick: all of it, or what has changed since the one before."""
        if self._connection is None:
            return
        state: State = {"players": self.players, "resources": {}, "round": {ROUND_ID: Round(SEED)}}
        self._publisher.update(self.tick, state)
        snapshot = self._publisher.snapshot(JSON, self.last_input_seq, full=full or self._is_new)
        self._is_new = False
        self.snapshots += 1
        self._line.push(clock(), snapshot.decode())
        self._news.set()

    async def _deliver(self) -> None:
        """Send what has arrived at the other end of the simulated link."""
        while True:
            due = self._line.next_due()
            if due is None:
                self._news.clear()
                await self._news.wait()
                continue
            await asyncio.sleep(max(0.0, due - clock()))
            for text in self._line.pop_due(clock()):
                await self._say(text)

    async def _say(self, text: str) -> None:
        if self._connection:
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send(text)

    async def _talk(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in connection:
                await self._hear(connection, msgspec.json.decode(text))
        self._connection = None

    async def _hear(self, connection: ServerConnection, message: dict[str, Any]) -> None:
        match message["type"]:
            case "hello":
                await connection.send(encoded(self._welcome()))
                self._connection, self._is_new = connection, True
            case "ping":
                await connection.send(encoded(Pong(time=message["time"], server_time=self.time)))
            case "input":
                self.inputs.append(msgspec.convert(message, Move))
                self.heard.append(self.time)

    def _welcome(self) -> Welcome:
        return Welcome(
            player_id=ME,
            resume="",
            resumed=False,
            room="The check",
            tick=self.tick,
            tick_rate=self.tick_rate,
            server_time=self.time,
        )


@contextlib.asynccontextmanager
async def going_on(program: Program) -> AsyncIterator[None]:
    """What a window shows counts only while it goes on: when it has stopped, that is what is told."""
    try:
        yield
    except Wrong:
        shown = len(program.frames)
        if not await program.until(lambda: len(program.frames) > shown, GOES_ON):
            raise standstill(program) from None
        raise


def standstill(program: Program) -> Wrong:
    """What to say when a window shows no more frames."""
    if program.exit_code is not None:
        return program.ended_early(STAYS_OPEN)
    return Wrong(STAYS_OPEN, "from one frame on there are no more, though the program runs", "standstill")


def encoded(message: Message) -> str:
    """A message as it travels."""
    return msgspec.json.encode(message).decode()


@contextlib.asynccontextmanager
async def _running(coroutine: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let it run for the length of the block."""
    task = asyncio.create_task(coroutine)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
