"""One hostile client: what it is going to do is made from the seed and its number alone."""

import asyncio
import contextlib
import re
import sys
from dataclasses import dataclass, field
from random import Random

from workshop.maintenance.bench.compare.frames import handshake
from workshop.maintenance.fuzz import garble, lies

HOST = "127.0.0.1"
SUBPROTOCOLS = ("", "netlib.v1.json", "netlib.v1.msgpack")
PATIENCE = 0.3  # seconds that it listens, at most
CALM = 0.02  # seconds that it gives the server to answer
MOST_SHOWN = 400  # bytes of each write that are shown
TOKEN = re.compile(rb'resume(?:":"|[\xa0-\xbf]|\xd9.)([\w-]{20,})', re.DOTALL)  # in JSON and in MessagePack


@dataclass(eq=False)
class Attack:
    """One hostile client. ``sent`` is what it wrote so far, over all of its connections."""

    seed: int
    number: int
    sent: list[bytes] = field(default_factory=list)
    _token: str = ""

    async def run(self, port: int) -> None:
        """Connect once or, to lie about sessions, several times."""
        rng = Random(f"{self.seed}/{self.number}")
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._visit(rng, port)

    def script(self) -> str:
        """What it wrote, for a report."""
        lines = (f"  {data[:MOST_SHOWN].hex(' ', -4)}{' …' * (len(data) > MOST_SHOWN)}" for data in self.sent)
        return "\n".join([f"attack {self.number}, in hexadecimal:", *lines])

    async def _visit(self, rng: Random, port: int) -> None:
        # Many addresses, where loopback has many: quotas are for each, and are not what is tested.
        source = (
            (f"127.0.{self.number % 250}.{rng.randrange(2, 250)}", 0) if sys.platform == "linux" else None
        )
        reader, writer = await asyncio.open_connection(HOST, port, local_addr=source)
        try:
            await self._misbehave(rng, reader, writer)
            await self._part(rng, reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _misbehave(
        self, rng: Random, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if rng.random() < 0.1:
            await self._write(writer, garble.garbled_upgrade(rng))
            return
        subprotocol = rng.choice(SUBPROTOCOLS)
        binary = subprotocol.endswith("msgpack")
        await self._write(writer, handshake("localhost", subprotocol))
        async with asyncio.timeout(PATIENCE * 10):
            await reader.readuntil(b"\r\n\r\n")
        if rng.random() < 0.9:
            await self._say(writer, rng, lies.hello(rng, self._token), binary=binary)
        await self._listen(reader)
        for _ in range(rng.choice((1, 3, 10, 40))):
            await self._say(writer, rng, lies.lie(rng, self._token), binary=binary)
        if rng.random() < 0.5:
            await self._listen(reader)

    async def _say(
        self, writer: asyncio.StreamWriter, rng: Random, said: lies.Message, *, binary: bool
    ) -> None:
        """Mostly in a proper frame: else nothing would come as far as what is behind the framing."""
        opcode = garble.BINARY if binary is not (rng.random() < 0.03) else garble.TEXT
        proper = said.get("type") == "hello" or rng.random() < 0.9
        data = lies.encoded(rng, said, binary=binary)
        frames = [garble.proper(opcode, data)] if proper else garble.garbled(rng, data, opcode)
        await self._write(writer, b"".join(frames))

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        self.sent.append(data)
        writer.write(data)
        async with asyncio.timeout(PATIENCE * 10):
            await writer.drain()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Hear what the server says, and remember the token of a welcome."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CALM):
                if found := TOKEN.search(await reader.read(65536)):
                    self._token = found[1].decode()

    async def _part(self, rng: Random, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Break off, go without a word, say goodbye, or wait for what the server does."""
        match rng.randrange(4):
            case 0:
                writer.transport.abort()
            case 1:
                await self._write(writer, garble.proper(garble.CLOSE, b"\x03\xe8"))
            case 2 if writer.can_write_eof():
                writer.write_eof()
            case _:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(rng.random() * PATIENCE):
                        await reader.read()
