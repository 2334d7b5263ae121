"""A TCP proxy on loopback between the bots and the server, whose connections break."""

import asyncio
import contextlib
import socket
import struct
import sys
from collections import Counter, deque
from typing import Final, Literal, NamedTuple, Self

HOST: Final = "127.0.0.1"
READ_SIZE = 64 * 1024  # bytes
LINGER_FORMAT = "hh" if sys.platform == "win32" else "ii"

Side = Literal["bot", "server"]
SIDES: Final[tuple[Side, ...]] = ("bot", "server")


class Socket(NamedTuple):
    """One side's connection to the proxy."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def reset(self) -> None:
        """End it with RST instead of FIN, so that nothing under way arrives."""
        if not self.writer.transport.is_closing():
            raw = self.writer.get_extra_info("socket")
            with contextlib.suppress(OSError):  # the other side was faster
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(LINGER_FORMAT, 1, 0))
            self.writer.transport.abort()


class Cut(NamedTuple):
    """A cut that waits for its moment."""

    kind: str  # the name under which it is counted
    side: Side  # the side whose incoming bytes are counted
    after: int  # how many bytes still pass


class Pipe:
    """One bot's connection through the proxy; its cuts are counted in ``cuts``, by kind."""

    def __init__(self, bot: Socket, server: Socket, cuts: Counter[str]) -> None:
        self._sockets: dict[Side, Socket] = {"bot": bot, "server": server}
        self._cuts = cuts
        self._planned: Cut | None = None
        self._flows = asyncio.Event()
        self._flows.set()
        self.whole = True

    async def carry(self) -> None:
        """Carry bytes both ways until the connection ends."""
        try:
            await asyncio.gather(self._pump("bot", "server"), self._pump("server", "bot"))
        finally:
            self._reset()

    def cut(self, kind: str) -> None:
        """End both connections at once."""
        self._count(kind)
        self._reset()

    def plan(self, cut: Cut) -> None:
        """Make this cut as soon as its bytes have passed, wherever in a frame that is."""
        self._planned = cut

    def half_cut(self, kind: str, side: Side, late: float) -> None:
        """End one side's connection now; the other side learns of it ``late`` seconds later."""
        self._count(kind)
        self._flows.clear()
        self._sockets[side].reset()
        asyncio.get_running_loop().call_later(late, self._reset)

    def silence(self, seconds: float) -> None:
        """Hold everything back for that time, and then let it pass."""
        self._flows.clear()
        asyncio.get_running_loop().call_later(seconds, self._flows.set)

    def _count(self, kind: str) -> None:
        self.whole = False
        self._cuts[kind] += 1

    def _reset(self) -> None:
        self.whole = False
        self._flows.set()
        for end in self._sockets.values():
            end.reset()

    async def _pump(self, source: Side, to: Side) -> None:
        reader, writer = self._sockets[source].reader, self._sockets[to].writer
        with contextlib.suppress(OSError):  # the other side is gone already
            while data := await reader.read(READ_SIZE):
                await self._flows.wait()
                self._pass_on(data, writer, to)
                await writer.drain()
            await self._flows.wait()
            if self.whole:
                writer.write_eof()

    def _pass_on(self, data: bytes, writer: asyncio.StreamWriter, to: Side) -> None:
        """Pass on the bytes before the planned cut, and make the cut: no byte after it may pass."""
        if not self.whole:
            return
        if self._planned is None or self._planned.side != to:
            writer.write(data)
            return
        kind, _, after = self._planned
        writer.write(data[:after])
        self._planned = Cut(kind, to, after - len(data))
        if len(data) >= after:
            self.cut(kind)


class Proxy:
    """Takes connections from bots and passes them on to the server, for as long as the block lasts.

    Attributes:
        port: where bots connect.
        target: the server's port.
        cuts: how many connections were cut, by kind.
    """

    def __init__(self) -> None:
        self.port = self.target = 0
        self.cuts: Counter[str] = Counter()
        self._planned: deque[Cut] = deque()
        self._pipes: list[Pipe] = []
        self._carrying: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._listening = await asyncio.start_server(self._accept, HOST, 0)
        self.port = self._listening.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._listening.close()
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    @property
    def pipes(self) -> list[Pipe]:
        """The connections that are still whole."""
        self._pipes = [pipe for pipe in self._pipes if pipe.whole]
        return self._pipes

    def plan(self, cut: Cut) -> None:
        """Make this cut in the next new connection, somewhere in its handshake."""
        self._planned.append(cut)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(Socket(reader, writer)))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(self, bot: Socket) -> None:
        try:
            server = Socket(*await asyncio.open_connection(HOST, self.target))
        except OSError:  # it is dead at the moment
            bot.reset()
            return
        pipe = Pipe(bot, server, self.cuts)
        if self._planned:
            pipe.plan(self._planned.popleft())
        self._pipes.append(pipe)
        await pipe.carry()
