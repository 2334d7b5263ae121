"""The host's rights: who may pause, start, kick, shut down and worsen the network; and nobody else.

The host is the player with the host's password or, where the server says so, the one here longest.
"""

import hmac
from collections.abc import Callable

from netlib.errors import RequestFailed
from netlib.events import Paused, Started, log
from netlib.protocol.frames import Command, RoomState
from netlib.server.contract import Surroundings
from netlib.server.peer import Peer, Seat
from netlib.server.roster import Roster
from netlib.transport.conditioner import LinkConditions
from netlib.transport.loops import clock
from netlib.transport.quotas import rate_by_source

GUESSES_PER_SECOND = 0.2  # tries of the host's password from one address
GUESS_BURST = 3.0


class HostRights:
    """Decides about commands, and does what they ask.

    Args:
        room: which, with its players.
        password: makes a host of the player who knows it; empty: of nobody. Or a function that says of a
            typed one whether it is right, for a program that keeps only a hash of it.
        first_is_host: the player who has been here longest is a host.

    Attributes:
        guesses: the rate of wrong passwords by address; many rooms of one server have one together.
    """

    def __init__(
        self,
        room: Surroundings,
        roster: Roster,
        password: str | Callable[[str], bool],
        *,
        first_is_host: bool,
    ) -> None:
        self._room, self._roster, self._first_is_host = room, roster, first_is_host
        self._is_right = _equals(password) if isinstance(password, str) else password
        self._hosts: set[int] = set()
        self.guesses = rate_by_source(GUESSES_PER_SECOND, GUESS_BURST)
        self._paused_by = ""

    def is_host(self, peer: Peer) -> bool:
        """Whether that player may give commands."""
        return peer.id in self._hosts or peer is self._first()

    def appoint(self, peer: Peer) -> None:
        """Make a host of a player: for a program that has its own way to know the host."""
        self._hosts.add(peer.id)
        log.info("%s is a host now", peer.name)
        self._tell(peer)

    def left(self, peer: Peer) -> None:
        """A player is gone."""
        self._hosts.discard(peer.id)
        if (first := self._first()) is not None:
            self._tell(first)

    def pause(self, by: str) -> None:
        """Let time stand still, in somebody's name."""
        if not self._room.paused:
            self._room.ticker.stand()
            self._paused_by = by
            log.info("paused by %s", by)
            self._tell_all()
            self._room.announce(Paused(by))

    def unpause(self) -> None:
        """Let time go on."""
        if self._room.paused:
            self._room.ticker.go()
            self._paused_by = ""
            log.info("going on")
            self._tell_all()
            self._room.announce(Started())

    def tell(self, seat: Seat) -> None:
        """Tell a player how the room is for it, if that is news."""
        link, paused = seat.link, self._room.paused
        by = self._paused_by if paused else ""
        host = self.is_host(seat.peer)
        seat.tell_room(RoomState(host, paused, by, link.latency, link.jitter, link.loss))

    def obey(self, peer: Peer, command: Command) -> None:
        """Do what a player asks for, if it may.

        Raises:
            RequestFailed: it may not, or it cannot be done; the text says why.
        """
        if command.do == "host":
            self._claim(peer, command.password)
            return
        if not self.is_host(peer):
            raise RequestFailed("not_host", f'only the host may say "{command.do}"; the host has a password')
        log.info('%s says "%s"', peer.name, command.do)
        match command.do:
            case "pause":
                self.pause(peer.name)
            case "start":
                self.unpause()
            case "kick":
                self._kick(peer, command)
            case "shutdown":
                self._room.spawn(self._room.stop(command.reason or f"{peer.name} has closed the room"))
            case "link":
                self._set_link(command)

    def _claim(self, peer: Peer, password: str) -> None:
        # By address: a player who leaves and joins again still guesses on.
        guesses = self.guesses(peer.address)
        if not guesses.allows(clock()):
            raise RequestFailed("host_password", "too many guesses; wait some seconds, and ask the host")
        if not self._is_right(password):
            raise RequestFailed("host_password", "this is not the host's password; the host has printed it")
        guesses.give_back()
        self.appoint(peer)

    def _kick(self, host: Peer, command: Command) -> None:
        found = self._found(command.player)
        if found is host:
            raise RequestFailed("not_possible", "you cannot kick yourself; leave instead")
        found.kick(command.reason or f"{host.name} has removed you from the room")

    def _set_link(self, command: Command) -> None:
        conditions = LinkConditions(command.latency, command.jitter, command.loss)
        if command.player:
            self._found(command.player).link = conditions
        else:
            self._room.link = conditions

    def _found(self, id: int) -> Peer:
        if seat := self._roster.seats.get(id):
            return seat.peer
        raise RequestFailed("not_possible", f"nobody here has the number {id}; perhaps they have just left")

    def _first(self) -> Peer | None:
        """The player who is a host for having been here longest."""
        seats = self._roster.seats.values() if self._first_is_host else ()
        return next((seat.peer for seat in seats if not seat.peer.spectator), None)

    def _tell(self, peer: Peer) -> None:
        if seat := self._roster.seats.get(peer.id):  # else it has left meanwhile
            self.tell(seat)

    def _tell_all(self) -> None:
        for seat in list(self._roster.seats.values()):
            self.tell(seat)


def _equals(password: str) -> Callable[[str], bool]:
    """Compares with a password, in a time that does not tell how much of it was right."""
    return lambda typed: bool(password) and hmac.compare_digest(typed.encode(), password.encode())
