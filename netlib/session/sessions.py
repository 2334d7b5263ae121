"""Sessions: a player's stay in a room, which outlives its connections.

A dropped connection is not a leave. The player keeps its place for a grace time, and comes
back with a token that only its client knows. The token changes at each resume; the old one
stays good until the client has shown that it got the new one, so a lost welcome costs nothing.
For the same reason a client makes up a nonce for its first hello: the hello said again is the
same player. Pure: hellos, frames and times go in, decisions come out.

`Session` and `Sessions` are the server's side, `Membership` is a client's.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from netlib.errors import RequestFailed
from netlib.protocol.frames import Hello, Refusal, Welcome
from netlib.session.delivery import Delivery
from netlib.session.handshake import Limits, judge, no_place
from netlib.session.names import free_name, name_problem

LEAVES = (1000, 1001, 1005)  # close codes with which a client leaves; any other end is a drop
FINAL = (1000, 1002, 1003, 1007, 1008, 1009, 1010)  # a server closes with one of these for good
REPLACED = 4001  # close code: the session went on over a newer connection
UNKNOWN = "this server does not know your session"
REMEMBERED_ENDS = 256  # sessions of which we still know why they ended
GOODBYE = "you have left"  # why a session ended, when nobody said why

Arrival = Literal["new", "repeated", "resumed"]


class Session:
    """One player's stay.

    Attributes:
        id: the player's number, never reused.
        name: made unique in the room.
        spectator: True when it only watches.
        delivery: the books of the messages both ways.
        dropped_at: since when it has no connection, in seconds; None while it has one.
        over: True once it has ended.
    """

    def __init__(self, id: int, name: str, hello: Hello) -> None:
        self.id, self.name = id, name
        self.spectator = hello.spectator
        self.delivery = Delivery()
        self.delivery.confirms = isinstance(hello.received, int)  # who says a number will say more
        self.dropped_at: float | None = None
        self.over = False
        self.nonce = hello.nonce
        self.proven = self.offered = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The secrets by which its client can come back now."""
        return tuple(key for key in (self.proven or self.nonce, self.offered) if key)


class Admission(msgspec.Struct, frozen=True):
    """A hello was accepted.

    Args:
        arrival: "new"; "repeated", a first hello that was said again; or "resumed".
        lost: why the session that it wanted to resume is over; empty when it wanted none.
    """

    session: Session
    arrival: Arrival
    lost: str = ""


class Sessions:
    """Everybody's stay in one room.

    Args:
        make_token: gives a new secret that nobody can guess.
    """

    def __init__(self, make_token: Callable[[], str]) -> None:
        self._make_token = make_token
        self._ids = itertools.count(1)
        self._sessions: dict[int, Session] = {}
        self._ends: dict[str, tuple[str, bool]] = {}  # by secret: why, and whether to refuse its client

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._sessions.values()))

    def known(self, hello: Hello) -> Session | None:
        """The stay that this hello goes on with, for it shows a secret that opens it."""
        return self._holder(hello.resume) or self._holder(hello.nonce)

    def shut_out(self, hello: Hello) -> bool:
        """Whether it wants to go on with a stay that the host has ended."""
        return self._ends.get(hello.resume, (UNKNOWN, False))[1]

    def admit(self, hello: Hello, password: str, limits: Limits) -> Admission | Refusal:
        """Decide about a hello.

        Args:
            password: what the room asks for; empty for nothing.
        """
        reason, shut_out = self._ends.get(hello.resume, (UNKNOWN, False))
        if shut_out:
            return Refusal("kicked", reason)
        known = self.known(hello)
        others = sum(session.spectator is hello.spectator for session in self)
        refusal = judge(hello, password) or (None if known else no_place(hello, limits, others))
        if refusal is not None:
            return refusal
        if known is None:
            return Admission(self._begin(hello), "new", reason if hello.resume else "")
        arrival: Arrival = "resumed" if hello.resume in known.keys else "repeated"
        if arrival == "resumed":
            known.proven = hello.resume  # so its client has this one, and needs none before it
        known.offered = self._make_token()
        known.dropped_at = None
        return Admission(known, arrival)

    def heard(self, session: Session) -> None:
        """A frame came after the welcome: its client has the new token, and the old one is void."""
        if session.offered and session.proven != session.offered:
            session.proven, session.offered = session.offered, ""

    def drop(self, session: Session, now: float) -> None:
        """Its connection is gone; the grace time begins at ``now``."""
        session.dropped_at = now

    def overdue(self, now: float, grace_time: float) -> list[Session]:
        """Those whose grace time, in seconds, is over at ``now``."""
        return [s for s in self if s.dropped_at is not None and now - s.dropped_at >= grace_time]

    def end(self, session: Session, reason: str, *, shut_out: bool = False) -> None:
        """The stay is over; its secrets open nothing any more. Only the first end of a stay counts.

        Args:
            shut_out: a client that comes with one of them is refused, not taken for a newcomer.
        """
        if session.over:
            return
        session.over = True
        self._ends.update(dict.fromkeys(session.keys, (reason or GOODBYE, shut_out)))
        while len(self._ends) > REMEMBERED_ENDS:
            del self._ends[next(iter(self._ends))]
        self._sessions.pop(session.id, None)

    def _begin(self, hello: Hello) -> Session:
        name = free_name(hello.name, [session.name for session in self])
        session = Session(next(self._ids), name, hello)
        session.offered = self._make_token()
        self._sessions[session.id] = session
        return session

    def _holder(self, key: str) -> Session | None:
        """Whose secret this is; sessions are few, so that no index of theirs need be kept."""
        return next((session for session in self if key in session.keys), None)

    def rename(self, session: Session, name: str) -> str:
        """Give a stay another name, or the next free one like it. Returns the name that it has now.

        Raises:
            RequestFailed: this is no name for a player; the text says why.
        """
        if problem := name_problem(name):
            raise RequestFailed("not_possible", problem)
        others = [other.name for other in self if other is not session]
        session.name = free_name(name, others)
        return session.name


class Membership:
    """A client's side of its session.

    Args:
        hello: what it says first.
        nonce: a secret of its own, for the first hello said again.
    """

    def __init__(self, hello: Hello, nonce: str) -> None:
        self.delivery = Delivery()
        self._hello, self._nonce, self._token = hello, nonce, ""

    @property
    def began(self) -> bool:
        """True once the server has said welcome."""
        return bool(self._token)

    def end(self) -> None:
        """It is over for good; a client that connects again is a newcomer."""
        self.delivery = Delivery()
        self._token = ""

    def hello(self) -> Hello:
        """What to say on a new connection."""
        return msgspec.structs.replace(
            self._hello, nonce=self._nonce, resume=self._token, received=self.delivery.received
        )

    def welcomed(self, welcome: Welcome) -> list[Callable[[], object]]:
        """Take a welcome in. Returns whom to tell that their messages have arrived.

        When the server has begun a new session for us, what we had not delivered is lost with
        the old one.

        Raises:
            BadMessage: it confirms more than we sent.
        """
        if self.began and not welcome.resumed:
            self.delivery = Delivery()
        self._token = welcome.resume
        return self.delivery.confirm(welcome.received) if self.delivery.waiting else []


def is_final(code: int) -> bool:
    """Whether a server that closes with this code does not want its client back."""
    return code in FINAL or code == REPLACED
