"""Two protocols at the ends of a cable in memory, which note what they are told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from netlib.testing.cable import Cable
from netlib.testing.machine import Machine

PORT = 8765
BIG = bytes(range(256)) * 8192  # 2 MiB
RESET = "lost: ConnectionResetError"


@dataclass(eq=False)
class Buffered(asyncio.BufferedProtocol):
    """A protocol with a buffer of its own that notes what it is told."""

    size: int = 64 * 1024
    got: bytearray = field(default_factory=bytearray)
    told: list[str] = field(default_factory=list)
    on_data: Callable[[], object] | None = None
    stays_open: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = bytearray(self.size)
        self.told.append("made")

    def get_buffer(self, sizehint: int) -> bytearray:
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        assert nbytes > 0
        self.got += self.buffer[:nbytes]
        if self.on_data:
            self.on_data()

    def eof_received(self) -> bool:
        self.told.append("eof")
        return self.stays_open

    def connection_lost(self, exc: Exception | None) -> None:
        self.told.append(f"lost: {type(exc).__name__}" if exc else "lost")

    def pause_writing(self) -> None:
        self.told.append("pause")

    def resume_writing(self) -> None:
        self.told.append("resume")


async def connected(
    server: Buffered | None = None, client: Buffered | None = None
) -> tuple[Cable, Buffered, Buffered]:
    """Connect two protocols by a cable; return it, the server's and the client's."""
    cable, there, here = Cable(Machine()), server or Buffered(), client or Buffered()
    await cable.listen(lambda: there, host=None, port=PORT, next_port=False, ssl=None)
    await cable.connect(lambda: here, "localhost", PORT, ssl=None)
    return cable, there, here


async def soon() -> None:
    """Let everything happen that happens at this moment."""
    await asyncio.sleep(1)
