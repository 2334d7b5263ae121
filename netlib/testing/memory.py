"""TCP without a network: two ends in one program, each of them the transport of a protocol.

What one end writes arrives at the other in a later turn of the event loop. As with TCP, bytes
come in pieces of any size, those under way still arrive when the writer has closed, and when
the reader takes none, the writer's buffer grows.
"""

from __future__ import annotations

import asyncio
import errno
import sys
from typing import Any, TypeAlias

CAPACITY = 256 * 1024  # bytes that may be under way, as in the buffers of an operating system
MAX_READ = 64 * 1024  # bytes of one read, for a protocol that brings no buffer
HIGH_WATER = 64 * 1024  # bytes that wait to be sent, from which a protocol is asked to pause
NEVER = sys.maxsize

AnyProtocol: TypeAlias = asyncio.BufferedProtocol | asyncio.Protocol


class Way:
    """One direction: the bytes under way to an end, and what a test has done to them.

    Attributes:
        carried: bytes that have arrived.
        breaks_at: the count of carried bytes at which the connection breaks.
        blocked: why nothing arrives, if so: any of "pulled" and "stalled".
        ended: the writer has stopped writing.
        reset: the writer is gone, and answers bytes with a reset.
    """

    def __init__(self) -> None:
        self.carried = 0
        self.breaks_at = NEVER
        self.blocked: set[str] = set()
        self.ended = False
        self.reset = False
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    @property
    def broken(self) -> bool:
        """True when it has carried all that it ever will."""
        return self.carried >= self.breaks_at

    def put(self, data: bytearray) -> bool:
        """Move bytes from the front of ``data`` onto the way, as many as have room; True if any have."""
        room = CAPACITY - len(self._bytes)
        self._bytes += data[:room]
        moved = bool(data[:room])
        del data[:room]
        return moved

    def take(self, most: int) -> bytes:
        """Bytes that arrive."""
        count = min(most, len(self._bytes), self.breaks_at - self.carried)
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        self.carried += count
        return taken

    def clear(self) -> None:
        """Lose what is under way."""
        self._bytes.clear()


class End(asyncio.Transport):
    """One end of a connection in memory.

    Args:
        protocol: what reads and writes here.
        local, remote: addresses, as ``(host, port)``.

    Attributes:
        other: the other end.
        incoming: the way from there to here.
        lost: True once the connection has ended for this end.
    """

    other: End

    def __init__(self, protocol: AnyProtocol, *, local: tuple[str, int], remote: tuple[str, int]) -> None:
        super().__init__({"sockname": local, "peername": remote})
        self.incoming = Way()
        self.lost = False
        self._protocol = protocol
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self._closing = self._no_more_writes = False
        self._reading, self._read_is_due = True, False
        self._high, self._low = HIGH_WATER, HIGH_WATER // 4
        self._asked_to_pause = False

    def open(self) -> None:
        """Tell the protocol that it is connected, in the next turn of the event loop."""
        self._loop.call_soon(self._protocol.connection_made, self)

    # Writing.

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if self._no_more_writes:
            raise RuntimeError("Cannot call write() after write_eof()")
        if not self.lost:
            self._unsent += data
            self.flush()

    def flush(self) -> None:
        """Send what the way to the other end has room for."""
        if self.other.incoming.put(self._unsent):
            self.other.wake()
        if not self._unsent and self._closing:
            self._lose(None)
        elif not self._unsent and self._no_more_writes:
            self._end_outgoing()
        self._control_flow()

    def write_eof(self) -> None:
        if not (self._closing or self._no_more_writes):
            self._no_more_writes = True
            self.flush()

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return len(self._unsent)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low, self._high

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = high if high is not None else HIGH_WATER if low is None else 4 * low
        self._low = low if low is not None else self._high // 4
        self._control_flow()

    def _control_flow(self) -> None:
        size = len(self._unsent)
        if size > self._high and not self._asked_to_pause:
            self._asked_to_pause = True
            self._protocol.pause_writing()
        elif size <= self._low and self._asked_to_pause:
            self._asked_to_pause = False
            self._protocol.resume_writing()

    # Reading.

    def wake(self) -> None:
        """Look, in a later turn of the event loop, what has arrived."""
        if not self._read_is_due:
            self._read_is_due = True
            self._loop.call_soon(self._read)

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True
        self.wake()

    def is_reading(self) -> bool:
        return self._reading and not self._closing

    def _read(self) -> None:
        self._read_is_due = False
        if self.incoming.blocked:
            return
        if self.lost:
            self._nobody_reads()
        elif self.is_reading():
            self._arrive()
        elif self.incoming.reset:
            self._lose(_reset_by_peer())

    def _arrive(self) -> None:
        try:
            self._hand_over()
            self._end_if_due()
        except Exception as error:
            self._loop.call_exception_handler({"message": "a protocol failed", "exception": error})
            self._lose(error)
        self.other.flush()

    def _hand_over(self) -> None:
        if not self.incoming or self.incoming.broken:
            return
        if isinstance(self._protocol, asyncio.BufferedProtocol):
            with memoryview(self._protocol.get_buffer(-1)) as buffer:
                data = self.incoming.take(len(buffer))
                buffer[: len(data)] = data
            self._protocol.buffer_updated(len(data))
        else:
            self._protocol.data_received(self.incoming.take(MAX_READ))

    def _end_if_due(self) -> None:
        if self.incoming.broken:
            self.cut()
        elif self.incoming:
            self.wake()
        elif self.incoming.reset:
            self._lose(_reset_by_peer())
        elif self.incoming.ended and self.is_reading():
            self._end_of_stream()

    def _end_of_stream(self) -> None:
        self._reading = False
        if not self._protocol.eof_received():
            self.close()

    def _nobody_reads(self) -> None:
        if self.incoming:
            self.incoming.clear()
            self.other.incoming.reset = True
            self.other.wake()

    # Ending.

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self.flush()

    def abort(self) -> None:
        """End at once. Bytes under way still arrive; those that wait here do not."""
        self._unsent.clear()
        self._closing = True
        self.flush()

    def cut(self) -> None:
        """Break the connection: both ends are told in the next turn, and nothing more arrives."""
        for end in (self, self.other):
            end._unsent.clear()
            end._lose(_reset_by_peer())

    def _lose(self, error: Exception | None) -> None:
        if not self.lost:
            self.lost = self._closing = True
            self._end_outgoing()
            self.wake()
            self._loop.call_soon(self._protocol.connection_lost, error)

    def _end_outgoing(self) -> None:
        if not self.other.incoming.ended:
            self.other.incoming.ended = True
            self.other.wake()

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, AnyProtocol)
        self._protocol = protocol


def _reset_by_peer() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
