"""A plain WebSocket client, written from netlib/PROTOCOL.md alone: it imports nothing of netlib."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import accumulate
from types import TracebackType
from typing import Any, Self

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.support.processes import TIMEOUT

JSON, MSGPACK = "netlib.v1.json", "netlib.v1.msgpack"
MAX_SIZE = 4 * 1024 * 1024  # bytes of one message from the server
POLL_SECONDS = 0.005
UNCOUNTED = {"hello", "welcome", "refused", "room", "snapshot", "part", "input", "ack", "ping", "pong"}
UNCOUNTED |= {"error"}

Frame = dict[str, Any]
State = dict[str, dict[str, Frame]]


@dataclass
class Replica:
    """The state that snapshots build, by PROTOCOL.md §4."""

    tick: int = -1
    state: State = field(default_factory=dict)

    def apply(self, snapshot: Frame) -> bool:
        """Take a snapshot in. False when it is a delta from a tick that we do not have."""
        snapshot = as_in_json(snapshot)
        if snapshot.get("full"):
            self.state = snapshot["state"]
        elif snapshot["base"] != self.tick:
            return False
        else:
            self._change(snapshot)
        self.tick = snapshot["tick"]
        return True

    def _change(self, delta: Frame) -> None:
        for collection, ids in delta.get("gone", {}).items():
            for id in ids:
                self.state.get(collection, {}).pop(id, None)
        for collection, entities in delta.get("set", {}).items():
            for id, fields in entities.items():
                self.state.setdefault(collection, {}).setdefault(id, {}).update(fields)


def as_in_json(snapshot: Frame) -> Frame:
    """Return a snapshot with what is packed in it as maps, and with ids as strings, by PROTOCOL.md §13."""
    gone = {name: [str(id) for id in ids] for name, ids in snapshot.get("gone", {}).items()}
    if "packed" not in snapshot:
        return {**snapshot, "gone": gone}
    maps = {name: unpacked(groups) for name, groups in snapshot["packed"].items()}
    return {**snapshot, "gone": gone, "state" if snapshot.get("full") else "set": maps}


def unpacked(groups: list[Any]) -> dict[str, Frame]:
    """Return the entities of a packed collection."""
    return {
        str(id): {name: column[place] for name, column in columns.items()}
        for differences, columns in groups
        for place, id in enumerate(accumulate(differences))
    }


class WireClient:
    """One connection. It reads in the background, and acknowledges what it applies."""

    def __init__(self, socket: ClientConnection, *, acks: bool = True) -> None:
        self.socket = socket
        self.frames: list[tuple[float, Frame]] = []
        self.unread: list[Frame] = []
        self.welcome: Frame = {}
        self.received = 0
        self.replica = Replica()
        self.acks = acks
        self.heard: dict[str, Callable[[Frame], None]] = {}
        self._binary = socket.subprotocol == MSGPACK
        self._seq = 0
        self._reader = asyncio.create_task(self._read())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()
        await self._reader

    # What was heard.

    @property
    def id(self) -> str:
        """Our player's id as it is in the state."""
        return str(self.welcome["player_id"])

    @property
    def me(self) -> Frame:
        """Our player, as the newest snapshot has it."""
        return self.replica.state["players"][self.id]

    @property
    def place(self) -> tuple[int, int]:
        """Where our player stands, in world units."""
        return self.me["x"], self.me["y"]

    def arrived(self, type: str) -> float:
        """Return when the newest frame of that type arrived, in seconds of perf_counter."""
        return next(at for at, frame in reversed(self.frames) if frame["type"] == type)

    def snapshots(self) -> list[tuple[float, Frame]]:
        """Return the snapshots that arrived, each with its time."""
        return [(at, frame) for at, frame in self.frames if frame["type"] == "snapshot"]

    # Saying something.

    async def send(self, frame: Frame) -> None:
        """Send one frame in the connection's encoding."""
        await self.socket.send(msgspec.msgpack.encode(frame) if self._binary else json.dumps(frame))

    async def say(self, data: str | bytes) -> None:
        """Send one message as it is, whatever it is."""
        await self.socket.send(data)

    async def input(self, x: float, y: float, *, collect: bool = False) -> int:
        """Send the next input; return its number."""
        self._seq += 1
        await self.send({"type": "input", "seq": self._seq, "move": [x, y], "collect": collect})
        return self._seq

    async def step(self, x: float, y: float, *, collect: bool = False) -> None:
        """Send the next input, and wait until a snapshot includes it."""
        seq = await self.input(x, y, collect=collect)
        await self.until(lambda: self.last_input_seq >= seq, f"input {seq} applied")

    @property
    def last_input_seq(self) -> int:
        """The newest of our inputs that the newest snapshot includes."""
        return next((f["last_input_seq"] for _, f in reversed(self.frames) if f["type"] == "snapshot"), 0)

    def drop(self) -> None:
        """Break the connection without a goodbye."""
        self.socket.transport.abort()

    # Waiting.

    async def until(
        self, condition: Callable[[], object], what: str = "a condition", *, timeout: float = TIMEOUT
    ) -> None:
        """Wait until the condition holds; fail when the connection ends before."""
        deadline = time.monotonic() + timeout
        while not condition():
            left = f"the connection ended ({self.socket.close_code})" if self._reader.done() else ""
            left = left or (f"not within {timeout:g} s" if time.monotonic() > deadline else "")
            assert not left or condition(), f"{left}: {what}; heard {self.unread[-5:]}"
            await asyncio.sleep(POLL_SECONDS)

    async def playing(self) -> None:
        """Wait until the state has our player."""
        await self.until(lambda: self.id in self.replica.state.get("players", {}), "our player in the state")

    async def expect(self, type: str, code: str | None = None, *, timeout: float = TIMEOUT) -> Frame:
        """Wait for a frame of that type (and code) that nobody has taken yet, and take it."""

        def find() -> Frame | None:
            fits = (f for f in self.unread if f["type"] == type and code in (None, f.get("code")))
            return next(fits, None)

        await self.until(find, f"{type} {code or ''}", timeout=timeout)
        found = find()
        assert found is not None
        self.unread.remove(found)
        return found

    async def snapshot(self, *, full: bool, timeout: float = TIMEOUT) -> Frame:
        """Wait for the next full snapshot, or delta, that comes from now on."""
        start = len(self.frames)

        def find() -> Frame | None:
            new = (frame for _, frame in self.frames[start:])
            return next((f for f in new if f["type"] == "snapshot" and f.get("full", False) is full), None)

        await self.until(find, "a full snapshot" if full else "a delta", timeout=timeout)
        found = find()
        assert found is not None
        return found

    async def answered(self, *, timeout: float = TIMEOUT) -> None:
        """Wait until the server has dealt with everything that we sent: a ping comes back."""
        mark = time.perf_counter()
        await self.send({"type": "ping", "time": mark})
        while (await self.expect("pong", timeout=timeout))["time"] != mark:
            pass

    async def ended(self, *, timeout: float = TIMEOUT) -> tuple[int, str]:
        """Wait until the connection has ended; return the server's close code and reason."""
        async with asyncio.timeout(timeout):
            await asyncio.shield(self._reader)
        return self.socket.close_code or 1006, self.socket.close_reason or ""

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                data = await self.socket.recv()
                frame = msgspec.msgpack.decode(data) if isinstance(data, bytes) else json.loads(data)
                self.frames.append((time.perf_counter(), frame))
                self.received += frame["type"] not in UNCOUNTED
                if listener := self.heard.get(frame["type"]):
                    listener(frame)
                await self._take(frame)

    async def _take(self, frame: Frame) -> None:
        if frame["type"] != "snapshot":
            self.unread.append(frame)
            return
        applied = self.replica.apply(frame)
        if self.acks or not applied:
            with contextlib.suppress(ConnectionClosed):  # there may be more to read
                await self.send({"type": "ack", "tick": frame["tick"] if applied else 0})


@contextlib.asynccontextmanager
async def opened(url: str, *, encoding: str | None = None, acks: bool = True) -> AsyncIterator[WireClient]:
    """Give an open WebSocket on which nothing has been said; encoding None offers no subprotocol."""
    offer = [Subprotocol(encoding)] if encoding else None
    socket = await connect(
        url,
        subprotocols=offer,
        compression=None,
        max_size=MAX_SIZE,
        ping_interval=None,
        max_queue=None,
        proxy=None,
    )
    async with WireClient(socket, acks=acks) as client:
        yield client


@contextlib.asynccontextmanager
async def joined(
    url: str, name: str = "Ada", *, encoding: str | None = None, acks: bool = True, **hello: Any
) -> AsyncIterator[WireClient]:
    """Give a client that has been welcomed; hello is what its hello says beside the name."""
    async with opened(url, encoding=encoding, acks=acks) as client:
        await client.send({"type": "hello", "protocol": 1, "name": name, **hello})
        client.welcome = await client.expect("welcome")
        yield client
