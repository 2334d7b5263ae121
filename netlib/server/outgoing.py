"""What goes out to one player over one connection: messages in order, and the state beside them."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from netlib.protocol.messages import AnyMessage
from netlib.server.connections import Caller
from netlib.session.parts import LARGE, Outbox
from netlib.state.slices import Whole
from netlib.state.sync import Feed, Publisher
from netlib.transport.pump import Pump


class Outgoing:
    """Chooses what a client is sent, and when: a large frame only as fast as the network takes it.

    Args:
        caller: the other end.
        seat: the player's `Seat`.

    Attributes:
        pump: what waits for the network.
    """

    def __init__(self, caller: Caller, seat: Any) -> None:
        self._connection, self._codec, self._inputs = caller.connection, caller.codec, seat.inputs
        self._feed = Feed(seat.room.tick_rate)
        self._publisher = Publisher()  # of nothing, until it is shown one
        outbox = Outbox(caller.codec, parts=caller.parts)
        self.pump = Pump(caller.connection, outbox, seat.relief.tell, seat.refused, self._shown)
        caller.connection.eased = self.ready

    def send_again(self, messages: Iterable[AnyMessage]) -> None:
        """Send messages that are not encoded yet, before all others."""
        for message in messages:
            self.pump.outbox.add(message)
        self.pump.push()

    def show(self, publisher: Publisher) -> None:
        """Send the newest state, unless its client is behind; then as soon as it is not."""
        self._publisher = publisher
        full = self._feed.choose(publisher, self._connection.buffered)
        if full is None or (newest := publisher.newest) is None:
            return
        if full and not (whole := publisher.whole(self._codec)).small:
            self._encode(whole)
            return
        data = publisher.snapshot(self._codec, self._inputs.last_input_seq, full=full, base=self._feed.base)
        self._feed.begin(newest)
        if len(data) > LARGE:
            self._begin([data])
        else:
            self._connection.send(data, binary=self._codec.binary)
            self._feed.sent(newest.tick)

    def acknowledge(self, tick: int) -> None:
        """Its client has applied a snapshot."""
        self._feed.ack(tick)
        self._show_held()

    def ready(self) -> None:
        """Less waits: send what was held back."""
        self.pump.push()
        self._show_held()

    def _show_held(self) -> None:
        if self._feed.held and not self._feed.busy:
            self.show(self._publisher)

    def _encode(self, whole: Whole) -> None:
        seq = self._inputs.last_input_seq
        self._feed.begin(whole.edition)
        encode_soon(whole, lambda: self._begin(whole.frame(seq)))

    def _begin(self, pieces: list[bytes]) -> None:
        self.pump.outbox.begin(pieces)
        self.pump.push()

    def _shown(self) -> None:
        self._feed.sent(self._publisher.tick or 0)
        self.show(self._publisher)


def encode_soon(whole: Whole, then: Callable[[], object]) -> None:
    """Encode a large snapshot, one slice in each turn of the event loop, and call ``then``."""
    whole.waiting.append(then)
    if len(whole.waiting) == 1:
        asyncio.get_running_loop().call_soon(_encode_slice, whole)


def _encode_slice(whole: Whole) -> None:
    whole.step()
    if not whole.done:
        asyncio.get_running_loop().call_soon(_encode_slice, whole)
        return
    waiting, whole.waiting = whole.waiting, []
    for then in waiting:
        then()
