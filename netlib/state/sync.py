"""Who gets which snapshot: one encoding for all who are in step, a full one for the others.

`Publisher` and `Feed` are the server's side, `Follower` is a client's.

A client that falls behind gets nothing more until it answers, then one full snapshot: so a slow client
costs bounded memory, and no other client waits for it.
"""

from collections import deque

from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Ack, Snapshot
from netlib.state.state import Replica, Schema, State, delta_body, frozen_copy, full_body

MAX_UNACKED = 3.0  # seconds of snapshots that may be under way to one client
ACK_INTERVAL = 0.25  # seconds; a client confirms the snapshots in between together
NUMBER_TO_COME = 0xFFFF_FFFF  # stands for each client's own number while the rest is encoded
MAX_BUFFERED = 64 * 1024  # bytes that may wait for a client that never acknowledges


class Publisher:
    """The newest state and its encodings, made once for all clients.

    Attributes:
        tick: the tick of the newest state; None before the first.
        base: the tick of the state before it, from which deltas go.
        number: counts the states; a game may publish several in one tick.
    """

    def __init__(self) -> None:
        self.tick: int | None = None
        self.base: int | None = None
        self.number = 0
        self._state: State = {}
        self._baseline: State = {}
        self._bodies: dict[tuple[Codec, bool], bytes] = {}
        self._envelopes: dict[tuple[Codec, bool], tuple[bytes, bytes]] = {}

    def update(self, tick: int, state: State) -> None:
        """Take the state of a new tick; what was the newest becomes the baseline.

        Raises:
            BadMessage: an entity cannot travel; then the state before is still the newest.
        """
        newest = frozen_copy(state)
        self.base, self._baseline = self.tick, self._state
        self.tick, self._state = tick, newest
        self.number += 1
        self._bodies.clear()
        self._envelopes.clear()

    def body(self, codec: Codec, *, full: bool) -> bytes:
        """The encoded part of a snapshot that is the same for every client of that codec."""
        key = (codec, full)
        if key not in self._bodies:
            self._bodies[key] = codec.encode(self._changes(codec.packed, full))
        return self._bodies[key]

    def snapshot(self, codec: Codec, last_input_seq: int, *, full: bool) -> bytes:
        """The encoded snapshot for one client: only ``last_input_seq`` is its own."""
        key = (codec, full)
        if key not in self._envelopes:
            self._envelopes[key] = self._around(codec, self.body(codec, full=full))
        before, after = self._envelopes[key]
        return b"".join((before, codec.encode(last_input_seq), after))

    def _around(self, codec: Codec, body: bytes) -> tuple[bytes, bytes]:
        """What is before and after the number that is each client's own."""
        mark = codec.encode(NUMBER_TO_COME)
        head = codec.encode({"type": "snapshot", "tick": self.tick, "last_input_seq": NUMBER_TO_COME})
        cut, whole = head.rindex(mark), codec.splice(head, body)
        return whole[:cut], whole[cut + len(mark) :]

    def _changes(self, packed: bool, full: bool) -> object:
        if full or self.base is None:
            return full_body(self._state, packed=packed)
        return delta_body(self._baseline, self._state, self.base, packed=packed)


class Feed:
    """What one client has been sent, and what it said it has.

    Args:
        tick_rate: the server's ticks per second.
    """

    def __init__(self, tick_rate: float) -> None:
        self._most_behind = MAX_UNACKED * tick_rate
        self._sent: int | None = None
        self._unacked: deque[int] = deque()
        self._acks = self._waiting = False

    def ack(self, tick: int) -> None:
        """The client has applied the snapshot of ``tick``; 0 asks for a full one."""
        self._acks = True
        while self._unacked and self._unacked[0] <= tick:
            self._unacked.popleft()
        if tick == 0:
            self._sent = None
        if not self._unacked:
            self._waiting = False

    def choose(self, publisher: Publisher, buffered: int) -> bool | None:
        """True: send a full snapshot; False: a delta; None: nothing, it is behind.

        Args:
            publisher: holds the newest state.
            buffered: bytes that wait in this process for the client.
        """
        tick = publisher.tick
        if tick is None or self._is_behind(tick, buffered):
            return None
        full = self._sent != publisher.number - 1
        self._sent = publisher.number
        if self._acks:  # a plain client never does, and would only fill the list
            self._unacked.append(tick)
        return full

    def _is_behind(self, tick: int, buffered: int) -> bool:
        if self._unacked and tick - self._unacked[0] > self._most_behind:
            self._waiting = True
        return self._waiting or buffered > MAX_BUFFERED


class Follower:
    """A client's side: applies snapshots, and decides what to say back.

    Args:
        schema: the entity class of each collection.

    Attributes:
        replica: the state, and its tick.
        last_input_seq: the newest of our inputs that the server has applied.
    """

    def __init__(self, schema: Schema) -> None:
        self.replica = Replica(schema)
        self.last_input_seq = 0
        self.renew()

    def take(self, snapshot: Snapshot) -> bool:
        """Apply a snapshot. False when it builds on one that we do not have.

        Raises:
            BadMessage: it does not fit the schema.
        """
        if not self.replica.apply(snapshot):
            return False
        self.last_input_seq = snapshot.last_input_seq
        return True

    def renew(self) -> None:
        """A new connection begins, on which the server knows nothing of what we have confirmed."""
        self._acked, self._acked_at = -1, float("-inf")

    def ack(self, now: float) -> Ack | None:
        """What to confirm at ``now``, if anything: the newest snapshot, every `ACK_INTERVAL`."""
        if self.replica.tick <= self._acked or now - self._acked_at < ACK_INTERVAL:
            return None
        self._acked, self._acked_at = self.replica.tick, now
        return Ack(tick=self._acked)
