"""Guests who lose their connection and come back; a client at a cord that can be cut; a room of ours."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Collection
from itertools import pairwise
from typing import Any, Self, TypeVar

import msgspec

import netlib
from netlib.client.dial import Witness
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.game.play.cable import BreakableNetwork
from workshop.game.rules.entities import SCHEMA, Player
from workshop.game.rules.messages import Move
from workshop.game.rules.world import World

SEED = 38  # of a map on which the first player has a gem in reach where it starts
CHUNK = 2**16  # bytes
LONG = 60.0  # seconds of grace time, which never end here
REFUSED = (netlib.RequestFailed, netlib.ConnectionLost, TimeoutError)
STAYS = "the client's window stays open, whatever happens to the connection"
T = TypeVar("T")


class Enter(netlib.Message, frozen=True):
    """→ What a client says first."""

    token: str = ""


class Entered(netlib.Message, frozen=True, omit_defaults=False):
    """← What it is answered."""

    player_id: int
    token: str = ""
    resumed: bool = False


class Ears(Witness):
    """Keeps all that a client is sent."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def received(self, data: bytes) -> None:
        """See `netlib.client.dial.Witness`."""
        self.heard.append(data)


class Guest:
    """One connection to their server, on which we have entered.

    Attributes:
        answer: what the server said.
    """

    def __init__(self, client: netlib.Client, cable: BreakableNetwork, ears: Ears, answer: Entered) -> None:
        self.client, self.answer = client, answer
        self._cable, self._ears = cable, ears

    @property
    def id(self) -> int:
        """The number of our player."""
        return self.answer.player_id

    @property
    def players(self) -> dict[int, Player]:
        """Everybody in the newest snapshot."""
        players: dict[int, Player] = self.client.state["players"]
        return players

    async def sees(self, ids: Collection[int]) -> bool:
        """Wait until these players are there, and no others; False when that is never so."""
        return bool(await until(lambda: set(self.players) == set(ids)))

    async def later(self, ticks: int) -> None:
        """Wait until so many ticks have passed. Raises `Wrong`: no news come."""
        tick = self.client.tick + ticks
        if not await until(lambda: self.client.tick >= tick):
            expected = "the server sends the state to everybody, tick after tick"
            raise Wrong(expected, f"no state came for {PATIENCE:.0f} seconds", "silent")

    async def walks(self) -> bool:
        """Send some steps to the right, and to the left if those have no effect; True when it has moved."""
        return await self._walks(1.0) or await self._walks(-1.0)

    async def _walks(self, x: float) -> bool:
        before = self.players[self.id].x
        for _ in range(6):
            self.client.send_input(Move(move=(x, 0.0)))
        moved = await until(lambda: (me := self.players.get(self.id)) is not None and me.x != before, 2.0)
        return bool(moved)

    def was_told(self, words: str) -> str:
        """The type of the first message that we were sent with these words in it; empty for none."""
        found = (data for data in self._ears.heard if words.encode() in data)
        return next((str(msgspec.json.decode(data).get("type")) for data in found), "")

    def cut(self) -> None:
        """Lose the connection, without a goodbye."""
        self._cable.cut()


@contextlib.asynccontextmanager
async def serving(lab: Lab, grace: float = LONG) -> AsyncIterator[int]:
    """Their server; gives its port."""
    async with lab.server("--grace", grace, "--seed", SEED) as (_, port):
        yield port


@contextlib.asynccontextmanager
async def guest(port: int, name: str, token: str = "") -> AsyncIterator[Guest]:
    """Connect, and enter with a token. Raises `Wrong`: the server does not let us in."""
    cable, ears = BreakableNetwork(), Ears()
    address = f"ws://127.0.0.1:{port}"
    client = netlib.connect(
        address, name=name, messages=[Entered], schema=SCHEMA, reconnect_time=0, network=cable, witness=ears
    )
    async with client:
        try:
            answer = await client.request(Enter(token), timeout=PATIENCE)
        except REFUSED as error:
            expected = "the server lets in every client that sends Enter, whatever its token"
            raise Wrong(expected, f"to Enter({token!r}) it answered: {error}", "refused") from error
        one = Guest(client, cable, ears, answer)
        await until(lambda: one.id in one.players, 2.0)
        yield one


class Cord:
    """What lies between a client and a server: it can be cut, and can refuse.

    Attributes:
        tries: when somebody connected, in seconds of `time.perf_counter`.
        refuses: end every new connection at once.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port, self.target, self.refuses = port, target, False
        self.tries: list[float] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def gaps(self) -> list[float]:
        """Seconds from each try to the next; never less than a client's pause, which begins after a try."""
        return [after - before for before, after in pairwise(self.tries)]

    @property
    def waits(self) -> float:
        """Seconds since the last try."""
        return time.perf_counter() - self.tries[-1]

    def cut(self) -> None:
        """End all connections, without a goodbye."""
        for writer in self._writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tries.append(time.perf_counter())
        try:
            if self.refuses:
                raise ConnectionRefusedError
            back, forth = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, forth}
        for source, sink in ((reader, forth), (back, writer)):
            task = asyncio.create_task(_copy(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


@contextlib.asynccontextmanager
async def playing(lab: Lab, cord: Cord, first: float, longest: float) -> AsyncIterator[Program]:
    """Their client, at the end of a cord, with its first frame drawn, and its first try made.

    Args:
        first, longest: the pauses that its command line names, in seconds.
    """
    flags = ("--first-pause", first, "--longest-pause", longest, "--name", "Ada")
    expected = "the client opens its window, and connects"
    async with lab.client(cord.port, *flags, expected=expected, symptom="never_came") as it:
        if not await awaited(it, lambda: cord.tries, START_SECONDS):
            raise Wrong(expected, "nobody has connected", "never_came")
        yield it


async def awaited(program: Program, condition: Callable[[], T], seconds: float = PATIENCE) -> T | None:
    """Wait as `Program.reaches` does."""
    return await program.reaches(condition, seconds, STAYS)


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while block := await source.read(CHUNK):
            sink.write(block)
            await sink.drain()
    sink.transport.abort()


class GraceRoom:
    """A server of ours, for their client. It knows the tokens that it has given, and no others.

    Attributes:
        shown: the tokens that were shown, in their order.
        given: the tokens that it gave, with the player of each.
        playing: the connections on which somebody has entered, and sent an input since.
    """

    def __init__(self, port: int, first_id: int = 1) -> None:
        self.shown: list[str] = []
        self.given: dict[str, int] = {}
        self.playing: set[int] = set()
        self._next_id = first_id
        self._world = World(seed=SEED)
        self._server = netlib.Server(
            "The check",
            host="127.0.0.1",
            port=port,
            input_type=Move,
            discoverable=False,
            limits=netlib.Limits(grace_time=0),
        )
        self._server.on_request(Enter)(self._enter)
        self._server.on_tick(self._tick)

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self._server.stop()

    def _enter(self, peer: netlib.Peer, message: Enter) -> Entered:
        self.shown.append(message.token)
        if message.token in self.given:
            return Entered(self.given[message.token], message.token, True)
        id, token = self._next_id, f"token-{self._next_id}-of-{self._server.port}"
        self._next_id, self.given[token] = id + 1, id
        self._world.add_player(id, peer.name)
        return Entered(id, token, False)

    def _tick(self, dt: float) -> None:
        self.playing |= {peer.id for peer in self._server.players if peer.take_inputs()}
        self._world.advance(self._server.tick)
        self._server.publish(self._world.state)
