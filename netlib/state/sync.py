"""Who gets which snapshot: one encoding for all who are in step, a full one for the others.

`Publisher` and `Feed` are the server's side, `Follower` is a client's.

A client that falls behind gets nothing more until it answers, then one full snapshot: so a slow client
costs bounded memory, and no other client waits for it.
"""

from collections import deque

from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Ack, Snapshot
from netlib.state.intake import Intake, Published
from netlib.state.slices import Edition, Whole
from netlib.state.state import Replica, Schema, delta_body

MAX_UNACKED = 3.0  # seconds of snapshots that may be under way to one client
ACK_INTERVAL = 0.25  # seconds; a client confirms the snapshots in between together
NUMBER_TO_COME = 0xFFFF_FFFF  # stands for each client's own number while the rest is encoded
MAX_BUFFERED = 64 * 1024  # bytes that may wait for a client that never acknowledges
MAX_BUFFERED_ACKED = 128 * 1024  # bytes that may wait for one that does


class Publisher:
    """The newest state and its encodings, made once for all clients.

    Attributes:
        newest: the newest state; None before the first.
        before: the one before it, from which deltas go to those who are in step.
        intake: checks what is published.
        divided: True where not everybody sees the same; else `seen_by` and `starts_anew` need not be asked.
    """

    divided = False

    def __init__(self, intake: Intake | None = None) -> None:
        self.newest: Edition | None = None
        self.before: Edition | None = None
        self.intake = intake or Intake()
        self._wholes: dict[Codec, Whole] = {}
        self._deltas: dict[tuple[Codec, int], tuple[bytes, bytes, bytes]] = {}

    @property
    def tick(self) -> int | None:
        """The tick of the newest state; None before the first."""
        return self.newest.tick if self.newest else None

    def seen_by(self, viewer: int) -> "Publisher":
        """What the player of that number is shown: everybody the same, unless `netlib.interest` is used."""
        return self

    def starts_anew(self, base: Edition) -> bool:
        """Whether so much is new that a full snapshot, little by little, is better than a delta at once."""
        return False

    def update(self, tick: int, state: Published) -> None:
        """Take the state of a new tick; what was the newest becomes the baseline.

        Raises:
            WrongArgument, BadMessage: it cannot travel, see `Intake.take`; then the state before is still the
                newest.
        """
        taken = self.intake.take(state)
        self.before = self.newest
        self.newest = Edition(self.before.number + 1 if self.before else 1, tick, taken)
        self._wholes = {codec: whole for codec, whole in self._wholes.items() if not whole.done}
        self._deltas.clear()

    def whole(self, codec: Codec) -> Whole:
        """A full snapshot; one of an older state, when that is being encoded for others."""
        if codec not in self._wholes:
            assert self.newest is not None
            self._wholes[codec] = Whole(codec, self.newest)
        return self._wholes[codec]

    def body(self, codec: Codec, *, full: bool, base: Edition | None = None) -> bytes:
        """The encoded part of a snapshot that is the same for every client of that codec.

        Args:
            base: from which a delta goes; by default the one before the newest.
        """
        return self.whole(codec).finish() if full else self._delta(codec, base)[0]

    def snapshot(
        self, codec: Codec, last_input_seq: int, *, full: bool, base: Edition | None = None
    ) -> bytes:
        """The encoded snapshot for one client: only ``last_input_seq`` is its own. See `body`."""
        if full:
            self.body(codec, full=True)
            return b"".join(self.whole(codec).frame(last_input_seq))
        _, before, after = self._delta(codec, base)
        return b"".join((before, codec.encode(last_input_seq), after))

    def _delta(self, codec: Codec, base: Edition | None) -> tuple[bytes, bytes, bytes]:
        """The body, and the whole snapshot before and after the number that is each client's own."""
        base = base or self.before
        assert base is not None and self.newest is not None
        key = (codec, base.number)
        if key not in self._deltas:
            body = self._changes(codec, base)
            mark = codec.encode(NUMBER_TO_COME)
            head = codec.encode({"type": "snapshot", "tick": self.tick, "last_input_seq": NUMBER_TO_COME})
            cut, whole = head.rindex(mark), codec.splice(head, body)
            self._deltas[key] = body, whole[:cut], whole[cut + len(mark) :]
        return self._deltas[key]

    def _changes(self, codec: Codec, base: Edition) -> bytes:
        assert self.newest is not None
        return codec.encode(delta_body(base.state, self.newest.state, base.tick, packed=codec.packed))


class Feed:
    """What one client has been sent over its connection, and what it said it has.

    Args:
        tick_rate: the server's ticks per second.

    Attributes:
        base: the state that it has once it has read everything; None for none. A delta goes from there.
        busy: True while a large snapshot is on its way: it gets no other one.
        held: True when it was not given the newest state, and should be as soon as it can.
    """

    def __init__(self, tick_rate: float) -> None:
        self.base: Edition | None = None
        self.busy = self.held = False
        self._most_behind = MAX_UNACKED * tick_rate
        self._unacked: deque[tuple[int, int]] = deque()  # a tick, and the tick in which it went out
        self._acks = self._waiting = False

    def ack(self, tick: int) -> None:
        """The client has applied the snapshot of ``tick``; 0 asks for a full one."""
        self._acks = True
        while self._unacked and self._unacked[0][0] <= tick:
            self._unacked.popleft()
        if tick == 0 and not self.busy:
            self.base = None
        if not self._unacked:
            self._waiting = False

    def choose(self, publisher: Publisher, buffered: int) -> bool | None:
        """True: send a full snapshot; False: a delta from `base`; None: nothing, now.

        Args:
            publisher: holds the newest state.
            buffered: bytes that wait in this process for the client.
        """
        newest = publisher.newest
        if newest is None or newest is self.base:
            return None
        self.held = self.busy or self._is_behind(newest.tick, buffered)
        if self.held or self.base is None:
            return None if self.held else True
        return publisher.divided and publisher.starts_anew(self.base)

    def begin(self, edition: Edition) -> None:
        """A snapshot of this state begins to go out."""
        if self.base is None:
            self._unacked.clear()  # it needs nothing of what was before
        self.base, self.busy = edition, True

    def sent(self, tick: int) -> None:
        """All of it has gone out, in that tick."""
        assert self.base is not None
        self.busy = False
        if self._acks:  # a plain client never does, and would only fill the list
            self._unacked.append((self.base.tick, tick))

    def _is_behind(self, tick: int, buffered: int) -> bool:
        if self._unacked and tick - self._unacked[0][1] > self._most_behind:
            self._waiting = True
        behind = self._waiting or buffered > (MAX_BUFFERED_ACKED if self._acks else MAX_BUFFERED)
        if self._waiting or (behind and self.base and tick - self.base.tick > self._most_behind):
            self.base = None  # a state is not kept for ever for a client that does not read
        return behind


class Follower:
    """A client's side: applies snapshots, and decides what to say back.

    Args:
        schema: the entity class of each collection; None for plain dicts.

    Attributes:
        replica: the state, and its tick.
        last_input_seq: the newest of our inputs that the server has applied.
    """

    def __init__(self, schema: Schema | None) -> None:
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
