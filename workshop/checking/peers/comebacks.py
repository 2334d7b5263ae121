"""Guests who come, lose their connection and come back; a cord that can be cut; a room that we decide."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Collection
from typing import Any, Self

import msgspec

import netlib
from netlib.line import Witness
from workshop.checking.peers.waiting import until
from workshop.checking.program import PATIENCE
from workshop.game.cable import Cable
from workshop.game.entities import SCHEMA, Player
from workshop.game.messages import Move
from workshop.game.world import World

SEED = 38  # of a map on which the first player has a gem in reach where it starts
CHUNK = 2**16  # bytes


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
        """See `netlib.line.Witness`."""
        self.heard.append(data)


class Guest:
    """One connection to their server, on which we have entered.

    Attributes:
        answer: what the server said.
    """

    def __init__(self, client: netlib.Client, cable: Cable, ears: Ears, answer: Entered) -> None:
        self.client, self.answer = client, answer
        self._cable, self._ears = cable, ears

    @property
    def id(self) -> int:
        """The number of our player."""
        return self.answer.player_id

    @property
    def players(self) -> dict[int, Player]:
        """Everybody in the newest snapshot."""
        return self.client.state["players"]

    async def sees(self, ids: Collection[int]) -> bool:
        """Wait until these players are there, and no others; False when that is never so."""
        return bool(await until(lambda: set(self.players) == set(ids)))

    async def later(self, ticks: int) -> None:
        """Wait until so many ticks have passed."""
        tick = self.client.tick + ticks
        await until(lambda: self.client.tick >= tick)

    async def walks(self, x: float) -> bool:
        """Send some steps to the right (negative: left); True when our player has moved."""
        before = self.players[self.id]
        for _ in range(6):
            self.client.send_input(Move(move=(x, 0.0)))
        return bool(
            await until(lambda: (me := self.players.get(self.id)) is not None and me.x != before.x, 2.0)
        )

    def was_told(self, words: str) -> str:
        """The type of the first message that we were sent with these words in it; empty for none."""
        found = (data for data in self._ears.heard if words.encode() in data)
        return next((str(msgspec.json.decode(data).get("type")) for data in found), "")

    def cut(self) -> None:
        """Lose the connection, without a goodbye."""
        self._cable.cut()


@contextlib.asynccontextmanager
async def guest(port: int, name: str, token: str = "") -> AsyncIterator[Guest]:
    """Connect, and enter with a token."""
    cable, ears = Cable(), Ears()
    client = netlib.connect(
        f"ws://127.0.0.1:{port}",
        name=name,
        messages=[Entered],
        schema=SCHEMA,
        reconnect_time=0,
        network=cable,
        witness=ears,
    )
    async with client:
        answer = await client.request(Enter(token), timeout=PATIENCE)
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
