"""Many clients in one process, cheap enough not to be the limit.

All of them read into one buffer and look only at the head of each frame. A sample of the moving players
measures latency: each of them looks for its own newest input in every snapshot.
"""

import asyncio
from collections.abc import Iterator
from typing import cast

import msgspec

from netlib.state.sync import ACK_INTERVAL
from netlib.transport.loops import clock
from workshop.maintenance.bench.compare import frames
from workshop.maintenance.bench.compare.dialects import HEAD, WHOLE, Dialect, own_x
from workshop.maintenance.bench.compare.frames import Cutter, Frame
from workshop.maintenance.bench.compare.workload import LAP, inputs_applied, name_of

READ_SIZE = 256 * 1024  # bytes


class Tally(msgspec.Struct):
    """What the crowd has seen since the tally began."""

    bytes: int = 0  # everything that came, with headers
    snapshots: int = 0  # how many came, to all clients together
    snapshot_bytes: int = 0  # their payloads
    # Seconds from an input to the snapshot that shows it applied, for the sample.
    latencies: list[float] = msgspec.field(default_factory=list)
    errors: dict[str, int] = msgspec.field(default_factory=dict)  # how often each thing went wrong

    def count(self, error: str) -> None:
        """Count one more error of this kind."""
        self.errors[error] = self.errors.get(error, 0) + 1


class Shared:
    """What all members of a crowd use together."""

    def __init__(self, dialect: Dialect, host: str) -> None:
        self.dialect = dialect
        self.host = host
        self.buffer = memoryview(bytearray(READ_SIZE))
        self.tally = Tally()


class InputWatch:
    """Follows the inputs of one player who moves, from sending to the snapshot that shows them applied.

    Attributes:
        first, newest: the whole state as JSON, if the server sends that.
    """

    def __init__(self, number: int, dialect: Dialect) -> None:
        self._number = number
        self._name = name_of(number)
        self._dialect = dialect
        self._sent: dict[int, float] = {}
        self._seen = 0
        self.first = b""
        self.newest = b""

    def sent(self, seq: int, now: float) -> None:
        """Note when an input was sent."""
        self._sent[seq] = now

    def look(self, payload: bytes, now: float) -> Iterator[float]:
        """The latencies, in seconds, of the inputs that this snapshot shows for the first time."""
        newest = self._newest_seq(payload)
        for seq in range(self._seen + 1, newest + 1):
            if seq in self._sent:
                yield now - self._sent.pop(seq)
        self._seen = max(self._seen, newest)

    def _newest_seq(self, payload: bytes) -> int:
        if self._dialect.netlib:
            return self._dialect.number(b"last_input_seq", payload)
        self.first, self.newest = self.first or payload, payload
        x = own_x(self._name, payload)
        return self._seen if x is None else self._seen + (inputs_applied(self._number, x) - self._seen) % LAP


class Member(asyncio.BufferedProtocol):
    """One client; ``watch`` is given if it belongs to the sample, ``ready`` done once it was let in."""

    def __init__(self, number: int, shared: Shared, watch: InputWatch | None) -> None:
        self.number = number
        self.watch = watch
        self.ready = asyncio.get_running_loop().create_future()
        self._shared = shared
        self._dialect = shared.dialect
        keep = WHOLE if watch and not self._dialect.netlib else HEAD
        self._cutter = Cutter(self._dialect.header, keep)
        # The answer to the handshake, until it is complete.
        self._answer: bytes | None = b"" if self._dialect.websocket else None
        self._acked_at = 0.0
        self._ack = b""
        self._transport: asyncio.Transport

    def write(self, data: bytes) -> None:
        """Send bytes; does nothing if the connection is gone."""
        self._transport.write(data)

    def send_input(self, seq: int, frame: bytes) -> None:
        """Send this tick's input."""
        if self.watch:
            self.watch.sent(seq, clock())
        self._transport.write(self._ack + frame)
        self._ack = b""

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._dialect.websocket:
            self.write(frames.handshake(self._shared.host, self._dialect.subprotocol))
        else:
            self._say_hello()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._shared.buffer

    def buffer_updated(self, nbytes: int) -> None:
        self._shared.tally.bytes += nbytes
        data = bytes(self._shared.buffer[:nbytes])
        if self._answer is not None:
            data = self._shake_hands(self._answer + data)
        for frame in self._cutter.feed(data):
            self._take(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail("the connection was lost")

    # Between the two.

    def _shake_hands(self, data: bytes) -> bytes:
        try:
            rest = frames.handshake_answer(data)
        except ValueError as error:
            self._fail(str(error))
            self._transport.abort()
            return b""
        self._answer = data if rest is None else None
        if rest is None:
            return b""
        self._say_hello()
        return rest

    def _say_hello(self) -> None:
        self.write(self._dialect.hello(name_of(self.number)))
        if not self._dialect.netlib:
            self.ready.set_result(None)

    def _take(self, frame: Frame) -> None:
        if frame.opcode >= frames.CLOSE:
            self._control(frame)
        elif self._dialect.is_snapshot(frame):
            self._snapshot(frame)
        elif b"welcome" in frame.head:
            self.ready.set_result(None)
        elif b"error" in frame.head or b"refused" in frame.head:
            self._fail(f"the server said {frame.head!r}")

    def _control(self, frame: Frame) -> None:
        if frame.opcode == frames.PING:
            self.write(frames.websocket_frame(frame.head, frames.PONG))
        elif frame.opcode == frames.CLOSE:
            self._fail(f"the server closed: {frame.head[2:]!r}")

    def _snapshot(self, frame: Frame) -> None:
        now, tally = clock(), self._shared.tally
        tally.snapshots += 1
        tally.snapshot_bytes += frame.size
        if self.watch:
            tally.latencies.extend(self.watch.look(frame.head, now))
        if self._dialect.netlib and now - self._acked_at >= ACK_INTERVAL:
            self._acked_at = now
            # Like netlib's client, send the ack with the next input.
            tick = self._dialect.number(b"tick", frame.head)
            self._ack = self._dialect.frame({"type": "ack", "tick": tick})

    def _fail(self, what: str) -> None:
        self._shared.tally.count(what)
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(what))
