"""One WebSocket on asyncio: bytes to messages and back, through the simulated link.

The protocol itself is websockets' sans-I/O one (`websockets.server.ServerProtocol` and
`websockets.client.ClientProtocol`); this module only moves its bytes. Doing so ourselves, on
asyncio's `BufferedProtocol`, makes sending a plain call that never waits, and reads into a
32 KiB buffer that is kept, where a stream takes a new one of 256 KiB for every read. Plain
frames do not even pass through the protocol (see `netlib.transport.framing`).
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, cast

from websockets.client import ClientProtocol
from websockets.exceptions import PayloadTooBig, ProtocolError
from websockets.frames import DATA_OPCODES, CloseCode, Frame, Opcode
from websockets.protocol import CLOSED, CONNECTING, OPEN, SERVER, Event
from websockets.server import ServerProtocol

from netlib.errors import showable
from netlib.play.metrics import LinkMetrics
from netlib.transport.conditioner import PERFECT, DelayLine, LinkConditions
from netlib.transport.framing import Unframer
from netlib.transport.keepalive import CLOSE_TIMEOUT, abort_when_stuck
from netlib.transport.loops import running_clock
from netlib.transport.tcp import peer_address
from netlib.transport.wirelog import trace


class Owner(Protocol):
    """Is told what happens on a connection."""

    def connection_opened(self) -> None:
        """The WebSocket handshake is done."""

    def message_received(self, data: bytes, binary: bool) -> None:
        """One whole message arrived."""

    def connection_closed(self, code: int, reason: str) -> None:
        """The connection is gone; called once, and only when it was open."""


READ_SIZE = 32 * 1024  # bytes per read
HIGH_WATER = 64 * 1024  # bytes that wait for the network from which a connection is not ready for more
MAX_DELAYED = 256 * 1024  # bytes on the simulated link, likewise
MAX_PASSING = 512 * 1024  # bytes that may go past what waits for a side that does not read
MAX_FRAGMENTS = 1000  # parts of one message
MAX_AFTER_CLOSE = 8 * 1024  # bytes that are still looked at from a side that we have told to go
END_OF_HEADERS = b"\r\n\r\n"
MAX_REASON = 120  # bytes of a close reason; RFC 6455 allows 123


class Connection(asyncio.BufferedProtocol):
    """One WebSocket, either side.

    Args:
        protocol: the sans-I/O protocol of our side.
        link: simulated conditions for what is sent and for what is received.
        seed: makes the simulated jitter and loss repeatable.
        buffer: where to read into; all connections of one event loop may share one, since it is emptied
            as soon as it is filled.

    Attributes:
        owner: is told; set it before the connection is made.
        address: the other side's IP address and port, as text.
        last_received: when bytes last arrived, in seconds of `netlib.transport.loops.clock`.
        started: when the TCP connection was made.
        metrics: traffic, round trip and refusals; may be replaced by those of a connection before.
        closing: True once we have decided to close; the other side may close without us knowing yet.
        closed_by_us: True once we have said goodbye, not merely given it up for dead.
        patient: True when all that is sent now is meant to wait.
        slack: seconds that it may be silent for longer, since it has much to read before our ping.
        eased: is called when less waits, and it may be `ready` again; may be replaced.
    """

    owner: Owner

    def __init__(
        self,
        protocol: ServerProtocol | ClientProtocol,
        *,
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        buffer: memoryview | None = None,
    ) -> None:
        self.address = ""
        self.metrics = LinkMetrics()
        self._clock = running_clock()
        self.started = self.last_received = self._clock()
        self._protocol = protocol
        self._view = buffer or memoryview(bytearray(READ_SIZE))
        self._fragments: list[bytes] = []
        self._unframer: Unframer | None = None
        self._incoming = DelayLine(link, seed=seed)
        self._outgoing = DelayLine(link, seed=None if seed is None else seed + 1)
        self._link = link
        self._opened = self._half_closed = self._paused = self._fragments_are_binary = False
        self.patient = self.closing = self.closed_by_us = False
        self._delayed = self._passing = self._after_close = 0
        self.slack = 0.0
        self._own_reason: tuple[int, str] | None = None
        self._writable = False  # as the protocol's state says, which is too slow to ask for each message
        self.eased: Callable[[], object] = lambda: None
        self._lost = asyncio.Event()
        self._transport: asyncio.Transport

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that both sides agreed on."""
        return self._protocol.subprotocol

    @property
    def is_open(self) -> bool:
        """True while messages can be sent."""
        return self._writable and not self.closing

    @property
    def broken(self) -> bool:
        """True when the other side broke the rules of WebSocket itself."""
        return isinstance(self._protocol.parser_exc, ProtocolError | PayloadTooBig | UnicodeDecodeError)

    @property
    def buffered(self) -> int:
        """Bytes that wait in this process for the network."""
        return self._transport.get_write_buffer_size()

    @property
    def ready(self) -> bool:
        """True while little waits: what need not go at once goes only then, so that the rest can pass."""
        return self.is_open and not self._paused and self._delayed < MAX_DELAYED

    @property
    def link(self) -> LinkConditions:
        """The simulated conditions; setting them replaces what was simulated before."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._link = conditions
        self._incoming.set(conditions)
        self._outgoing.set(conditions)

    def send(self, data: bytes, *, binary: bool) -> None:
        """Send one message; it never waits. Nothing happens once the connection is closing."""
        if self.closing or not self._writable:
            return
        if self._outgoing.idle:
            self._write(data, binary)
        else:
            self._delayed += len(data)
            self._outgoing.push(lambda: self._passed_link(data, binary))

    def close(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> None:
        """Begin the closing handshake, after everything that was sent before."""
        if self._protocol.state is CONNECTING:
            self.abort(code, reason)
        elif not self.closing:
            self._own_reason = (code, reason)
            self.closing = self.closed_by_us = True
            self._incoming.set(PERFECT)
            self._outgoing.set(PERFECT)  # what the simulated link still holds goes first, and at once
            self._close(code, reason)

    def abort(self, code: int = CloseCode.ABNORMAL_CLOSURE, reason: str = "") -> None:
        """End the connection without a word to the other side."""
        self._own_reason = self._own_reason or (code, reason)
        self.closing = True
        self._transport.abort()

    async def wait_closed(self) -> None:
        """Wait until the TCP connection is gone; no longer than the closing handshake may take."""
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await self._lost.wait()
        except TimeoutError:
            self._transport.abort()
            await self._lost.wait()

    def ping(self) -> None:
        """Send a WebSocket ping; any sane peer answers it, and so shows that it lives."""
        if self.is_open:
            self._protocol.send_ping(b"")
            self._flush()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(HIGH_WATER)
        self.address = peer_address(transport.get_extra_info("peername"))

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self.last_received, self.slack = self._clock(), 0.0
        if self.closing:
            self._after_close += nbytes
            if self._after_close > MAX_AFTER_CLOSE:
                return  # it goes on and on; unread bytes would make the system drop what we told it
        data = bytes(self._view[:nbytes])
        if self._unframer is None:
            self._parse(data)
            if self._opened and data.endswith(END_OF_HEADERS) and data.count(END_OF_HEADERS) == 1:
                self._unframer = self._make_unframer()  # nothing of a frame came with the handshake
            return
        was_closing = self.closing
        for piece in self._unframer.feed(data):
            if self.closing is not was_closing:
                break  # what comes after a reason to close no longer matters
            if not piece.whole:
                self._parse(piece.data)
            elif self._protocol.close_rcvd is None and self._protocol.parser_exc is None:
                self._deliver(piece.data, piece.binary)

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._process()

    def connection_lost(self, exc: Exception | None) -> None:
        self._protocol.receive_eof()
        self._writable = False
        self._lost.set()
        if self._opened:
            self._incoming.push(lambda: self.owner.connection_closed(*self._ending()))

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused, self._passing = False, 0
        self.eased()

    def _ending(self) -> tuple[int, str]:
        if self._own_reason is not None:
            return self._own_reason
        if self.broken and (said := self._protocol.close_sent) is not None:
            return int(said.code), said.reason  # the answer may be lost behind what broke it
        code = self._protocol.close_code or CloseCode.ABNORMAL_CLOSURE
        return int(code), showable(self._protocol.close_reason or "")

    def _parse(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        self._process()

    def _process(self) -> None:
        events = self._protocol.events_received()
        self._writable = self._protocol.state is OPEN
        self._flush()
        for event in events:
            if isinstance(event, Frame):
                self._frame(event)
            else:
                self._handshake(event)
        if self._protocol.close_expected():
            self._abort_later()

    def _handshake(self, event: Event) -> None:
        raise NotImplementedError

    def _make_unframer(self) -> Unframer:
        max_size = self._protocol.max_message_size
        assert max_size is not None, "netlib's own protocols have a limit"
        return Unframer(masked=self._protocol.side is SERVER, max_size=max_size)

    def _announce_open(self) -> None:
        self._opened = self._writable = True
        self.owner.connection_opened()

    def _frame(self, frame: Frame) -> None:
        if frame.opcode not in DATA_OPCODES:
            return
        if frame.opcode is not Opcode.CONT:
            self._fragments_are_binary = frame.opcode is Opcode.BINARY
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            fragments, self._fragments = self._fragments, []
            self._deliver(b"".join(fragments), self._fragments_are_binary)
        elif len(self._fragments) > MAX_FRAGMENTS:
            self.close(CloseCode.POLICY_VIOLATION, "a message in too many fragments")

    def _deliver(self, data: bytes, binary: bool) -> None:
        self.metrics.received(len(data))
        trace("←", self.address, data, binary)
        if not (binary or data.isascii() or data.decode(errors="ignore").encode() == data):
            self.close(CloseCode.INVALID_DATA, "a text message that is not UTF-8")
        elif self._incoming.idle:
            self.owner.message_received(data, binary)
        else:
            self._incoming.push(lambda: self.owner.message_received(data, binary))

    def _passed_link(self, data: bytes, binary: bool) -> None:
        self._delayed -= len(data)
        self._write(data, binary)
        self.eased()

    def _write(self, data: bytes, binary: bool) -> None:
        if not self._writable or self._transport.is_closing():
            return
        self.metrics.sent(len(data))
        trace("→", self.address, data, binary)
        self._put(self._framed(data, binary))

    def _framed(self, data: bytes, binary: bool) -> bytes:
        send: Any = self._protocol.send_binary if binary else self._protocol.send_text
        send(data)
        return b"".join(self._protocol.data_to_send())

    def _close(self, code: int, reason: str) -> None:
        if self._writable:
            self._writable = False
            self._protocol.send_close(code, reason.encode()[:MAX_REASON].decode(errors="ignore"))
            self._flush()
            self._abort_later()

    def _flush(self) -> None:
        if self._transport.is_closing() or self._half_closed:
            return
        if chunks := self._protocol.data_to_send():
            self._put(b"".join(filter(None, chunks)))  # of one, which may be a large page, no copy is made
            if chunks[-1] == b"":  # the protocol's word for the end of the stream
                self._half_close()

    def _put(self, data: bytes) -> None:
        self._passing += min(len(data), HIGH_WATER) * self._paused  # a large one is no fault of its receiver
        if self._passing > MAX_PASSING and not self.patient:
            self.abort(reason="it does not read what it asks for")
        else:
            self._transport.write(data)

    def _half_close(self) -> None:
        self._half_closed = True
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:
            self._transport.close()

    def _abort_later(self) -> None:
        if self._protocol.state is not CLOSED:
            abort_when_stuck(self._transport)
