"""Rooms on loopback, and a plain WebSocket client that knows nothing of netlib."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

import netlib
from netlib.protocol.frames import PORT
from netlib.transport.connection import Connection
from tests.support.processes import TIMEOUT

LOOPBACK = "127.0.0.1"


def a_room(name: str = "room", **options: Any) -> netlib.Server:
    """Return a server that nobody on the LAN can find, on a free port of its own."""
    return netlib.Server(name, **{"host": LOOPBACK, "port": 0, "discoverable": False, **options})


def a_game(**options: Any) -> netlib.Server:
    """Return the finished game's server in such a room."""
    from solutions.step14_public.server import make_server  # late: most rooms have no game

    return make_server(**{"host": LOOPBACK, "port": 0, "discoverable": False, **options})


def ctrl_c_in_a_tick(server: Any) -> None:
    """Press Ctrl-C in the server's first tick: of the others a busy machine may skip any."""
    presses = [signal.SIGINT]
    server.on_tick(lambda dt: signal.raise_signal(presses.pop()) if presses else None)


def found(name: str, host: str = LOOPBACK, port: int = PORT, **more: bool) -> netlib.Room:
    """Return a room as a search finds it, in which three play."""
    return netlib.Room(
        id=name, name=name, host=host, port=port, players=3, max_players=32, protocol=1, **more
    )


def url(server: Any) -> str:
    """Return where a client finds it."""
    return f"ws://{LOOPBACK}:{server.port}"


def connection_of(peer: netlib.Peer) -> Connection:
    """Return the WebSocket over which a player is connected now."""
    caller = peer._seat.carrier
    assert caller is not None, f"{peer} is away"
    return caller.connection


class PlainClient:
    """JSON over a WebSocket, as any language would do it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.welcome: dict[str, Any] = {}

    async def send(self, **fields: Any) -> None:
        """Send one object."""
        await self.socket.send(msgspec.json.encode(fields).decode())

    async def next(self, kind: str | None = None) -> dict[str, Any]:
        """Return the next message, or the next of that type."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                message: dict[str, Any] = msgspec.json.decode(await self.socket.recv())
                if kind in (None, message["type"]):
                    return message

    async def hello(self, name: str = "Ada", **fields: Any) -> dict[str, Any]:
        """Say hello; return the answer."""
        await self.send(type="hello", **{"protocol": 1, "name": name, **fields})
        self.welcome = await self.next()
        return self.welcome

    async def ask(self, **body: Any) -> dict[str, Any]:
        """Send a request; return the reply."""
        await self.send(type="request", id=1, body=body)
        return await self.next("reply")

    async def closed(self) -> tuple[int | None, str | None]:
        """Wait until the server has closed; return its code and reason."""
        async with asyncio.timeout(TIMEOUT):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason

    def kill(self) -> None:
        """End the TCP connection without a word, as a crash does."""
        self.socket.transport.abort()


@contextlib.asynccontextmanager
async def plain_client(
    server: netlib.Server,
    *,
    hello: str | None = "Ada",
    subprotocols: Sequence[str] = (),
    host: str = LOOPBACK,
    **options: Any,
) -> AsyncIterator[PlainClient]:
    """Give a connected plain client, which has said hello under that name unless it is None.

    It answers pings also while its test reads nothing: websockets takes in no more than ``max_queue`` frames
    that nobody has read, and a ping that is not taken in is not answered.
    """
    offers = [Subprotocol(name) for name in subprotocols] or None
    options = {"proxy": None, "ping_interval": None, "max_queue": None, **options}
    async with connect(f"ws://{host}:{server.port}", subprotocols=offers, **options) as socket:
        client = PlainClient(socket)
        if hello is not None:
            await client.hello(hello)
        yield client


async def request(port: int, text: str, host: str = LOOPBACK) -> bytes:
    """Send these bytes to a port over TCP; return all that comes back until the other side closes."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(text.encode())
    async with asyncio.timeout(TIMEOUT):
        answer = await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return answer
