"""Who is in the room: joining, losing the connection, coming back, leaving."""

import asyncio
import secrets
from collections.abc import Callable, Collection
from functools import partial

from websockets.frames import CloseCode

from netlib.events import Dropped, Joined, Left, Resumed, log
from netlib.server.contract import Surroundings
from netlib.server.peer import Peer, Seat
from netlib.session.sessions import Session, Sessions
from netlib.transport.loops import clock
from netlib.transport.quotas import largest_share, source_of

TOKEN_BYTES = 16  # of randomness in a resume token
AWAY_KEPT = 4  # places of players who are away that one address keeps in any case
GIVEN = "was away, as were others of its address, and the room was full: somebody else got the place"
TOTAL = "more waited for all players than the server keeps (Limits.max_total_backlog), and most for this one"
EARLY = 0.05  # seconds; asyncio's timers may be early by a step of their clock, 16 ms on Windows


class Roster:
    """The players of a room, connected or not, and what the game is told of their coming and going.

    Args:
        room: which.

    Attributes:
        sessions: their stays, by which a hello is judged.
        seats: everyone's place by number, in the order in which they joined.
        more_waits: told for whom more waits, where that counts for many rooms together.
    """

    def __init__(self, room: Surroundings) -> None:
        self.sessions = Sessions(make_token=partial(secrets.token_urlsafe, TOKEN_BYTES))
        self._room = room
        self.more_waits: Callable[[Seat], object] = lambda seat: None
        self.seats: dict[int, Seat] = {}

    def add(self, session: Session) -> Seat:
        """A place for a new player of that session."""
        seat = self.seats[session.id] = Seat(self._room, self, session)
        return seat

    def joined(self, seat: Seat) -> None:
        """A first hello was accepted, and the welcome is sent."""
        self._room.metrics.joined += 1
        log.info("%s joined from %s", seat.peer.name, seat.peer.address)
        self._room.announce(Joined(seat.peer))

    def resumed(self, seat: Seat) -> None:
        """A player is back, and has been sent what it missed."""
        self._room.metrics.resumed += 1
        log.info("%s is back from %s", seat.peer.name, seat.peer.address)
        self._room.announce(Resumed(seat.peer))

    def dropped(self, seat: Seat, code: int, reason: str) -> None:
        """A player has lost its connection; it may come back within the grace time, or is back already."""
        peer = seat.peer
        may_return = peer.connected or self._room.stopping or self._room.limits.grace_time > 0
        if seat.session.over or not may_return:
            self.left(seat, code, reason)
            return
        self._room.metrics.dropped += 1
        log.info("%s (%s) was dropped: %d %s", peer.name, peer.address, code, reason)
        if not peer.connected:
            self.wait_for(seat)
        self._room.announce(Dropped(peer, code, reason))

    def left(self, seat: Seat, code: int, reason: str) -> None:
        """A player is gone for good."""
        if seat.gone:
            return
        seat.gone = True
        self.sessions.end(seat.session, reason)
        self.seats.pop(seat.session.id, None)
        self._room.metrics.left += 1
        log.info("%s (%s) left: %d %s", seat.peer.name, seat.peer.address, code, reason)
        seat.requests.fail(seat.lost(code, reason))
        seat.relief.tell()
        self._room.announce(Left(seat.peer, code, reason))

    def check_total(self, seat: Seat) -> None:
        """When too much waits for all, end the stay for which most does; a small share is not looked at."""
        end_largest(seat, self.seats.values(), self._room.limits.max_total_backlog)
        self.more_waits(seat)

    def rename(self, peer: Peer, name: str) -> None:
        """Give a player another name, made unique as in a hello. The game has to tell the others.

        Raises:
            RequestFailed: this is no name for a player; the text says why.
        """
        before, peer.name = peer.name, self.sessions.rename(self.seats[peer.id].session, name)
        log.info("%s is called %s now", before, peer.name)

    def wait_for(self, seat: Seat) -> None:
        """The grace time of a player begins that is away."""
        self.sessions.drop(seat.session, clock())
        asyncio.get_running_loop().call_later(self._room.limits.grace_time, self._end_overdue)

    def _end_overdue(self) -> None:
        if self._room.stopping:
            return
        grace_time = self._room.limits.grace_time
        for session in self.sessions.overdue(clock() + EARLY, grace_time):
            reason = f"did not come back within {grace_time:g} s"
            self.left(self.seats[session.id], CloseCode.ABNORMAL_CLOSURE, reason)


def make_place(seats: Collection[Seat], address: str, *, spectator: bool) -> bool:
    """Let a newcomer have the place of a player who is away. False when all who are away keep theirs.

    An address that has more than a handful of such places gives: first one whose client never said
    anything, then, to a newcomer of another address, that of the player who is away for longest.

    Args:
        seats: of one room, or of many.
        address: the newcomer's.
        spectator: whether the place is a spectator's.
    """
    away = [seat for seat in seats if seat.carrier is None and seat.peer.spectator is spectator]
    share = largest_share(away, lambda seat: seat.peer.address)
    source = source_of(address)
    giving = [s for s in share if not s.session.proven or source_of(s.peer.address) != source]
    if len(share) <= AWAY_KEPT or not giving:
        return False
    first = min(giving, key=lambda seat: (bool(seat.session.proven), seat.session.dropped_at or 0.0))
    first.end(CloseCode.ABNORMAL_CLOSURE, GIVEN)
    return True


def end_largest(seat: Seat, seats: Collection[Seat], most: int) -> None:
    """End the stay for which most waits, when in all more than ``most`` bytes do, and not little for this."""
    if seat.waiting * len(seats) > most and sum(each.waiting for each in seats) > most:
        max(seats, key=lambda each: each.waiting).end(CloseCode.POLICY_VIOLATION, TOTAL)
