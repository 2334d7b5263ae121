"""Exactly-once delivery: the books of one side of a session.

Counting is implicit, as in XMPP's stream management (XEP-0198): both sides count the messages
that they got, and say how many. What the other side has not confirmed is kept; after a
reconnect it says how many it has, and the rest goes out again. TCP keeps the order, so nothing
arrives twice and nothing is missing.

Inputs, snapshots, pings and the like are not counted: a newer one replaces them.
"""

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from netlib.errors import BadMessage
from netlib.protocol.frames import RESERVED, Command, Reply, Request
from netlib.protocol.messages import Message, Untyped, message_type

COST = 128  # bytes that each message counts for beside its own: what it takes to keep it
MAX_UNPROVEN = 256 * 1024  # bytes that are kept for a connected client that has never confirmed anything

# Of netlib's own messages only these count; of a game's all do, but inputs.
COUNTED = frozenset(message_type(kind) for kind in (Command, Request, Reply))
REPLACEABLE_NAMES = RESERVED - COUNTED


def counts(message: Message | Untyped) -> bool:
    """Whether a message is one of those that must arrive exactly once."""
    name = message.type if isinstance(message, Untyped) else message_type(type(message))
    return name not in REPLACEABLE_NAMES  # the receiver may know no more than the name


class Sent(NamedTuple):
    """A message that may have to go out again, what it counts for, and the caller to tell when it arrived."""

    message: Message | Untyped
    size: int
    delivered: Callable[[], Any] | None


class Delivery:
    """What one side sent and the other has not confirmed, and how many messages it got itself.

    Attributes:
        received: how many messages this side got.
        bytes: how much waits for a confirmation, each message with its `COST`.
        confirms: True once the other side has confirmed something, or said that it will; a plain
            client never does.
    """

    def __init__(self) -> None:
        self.received = self.bytes = 0
        self.confirms = False
        self._outbox: deque[Sent] = deque()
        self._confirmed = self._told = 0
        self._keeps = True

    @property
    def waiting(self) -> int:
        """How many messages are not confirmed yet."""
        return len(self._outbox)

    def sent(self, message: Message | Untyped, size: int, delivered: Callable[[], Any] | None = None) -> None:
        """Keep a message of ``size`` bytes until it is confirmed."""
        if self._keeps:
            self._outbox.append(Sent(message, size + COST, delivered))
            self.bytes += size + COST

    def forgo(self) -> None:
        """Keep nothing any more: the other side is a plain client that never confirms."""
        self._keeps = False
        self._outbox.clear()
        self.bytes = 0

    def confirm(self, count: int) -> list[Callable[[], Any]]:
        """The other side has got ``count`` messages in all. Returns the callers to tell of the new ones.

        Raises:
            BadMessage: it confirms more than was sent.
        """
        self.confirms = True
        if not self._keeps:
            return []
        sent = self._confirmed + len(self._outbox)
        if count > sent:
            raise BadMessage(f"you confirm {count} messages, but only {sent} were sent in this session")
        arrived = [self._outbox.popleft() for _ in range(count - self._confirmed)]
        self.bytes -= sum(one.size for one in arrived)
        self._confirmed = max(self._confirmed, count)
        return [one.delivered for one in arrived if one.delivered is not None]

    def unconfirmed(self) -> list[Message | Untyped]:
        """What must go out again on a new connection, in order."""
        return [sent.message for sent in self._outbox]

    def news(self) -> int | None:
        """How many messages this side has got, when the other side has not been told yet."""
        return self.received if self.received != self._told else None

    def told(self) -> None:
        """The other side has been told."""
        self._told = self.received
