"""The host's rights: who may pause, start, kick, shut down and worsen the network; and nobody else.

The host is who has the host's password or, where the server says so, who has been here longest.
"""

from __future__ import annotations

import hmac
import logging
from typing import TYPE_CHECKING

from netlib.errors import RequestFailed
from netlib.events import Paused, Started
from netlib.play.timing import RateLimit
from netlib.protocol.frames import Command, RoomState
from netlib.transport.conditioner import LinkConditions
from netlib.transport.loops import clock

if TYPE_CHECKING:
    from netlib.server.peer import Peer
    from netlib.server.server import Server

GUESSES_PER_SECOND = 0.2  # tries of the host's password from one IP address
GUESS_BURST = 3.0
MAX_GUESSERS = 256  # addresses of which tries are remembered

log = logging.getLogger("netlib")


class HostRights:
    """Decides about commands, and does what they ask.

    Args:
        password: who has it is a host; empty: nobody is by password.
        first_is_host: the player who has been here longest is a host.
    """

    def __init__(self, server: Server, password: str, *, first_is_host: bool) -> None:
        self._server = server
        self._password = password
        self._first_is_host = first_is_host
        self._hosts: set[int] = set()
        self._guesses: dict[str, RateLimit] = {}
        self._paused_by = ""

    def is_host(self, peer: Peer) -> bool:
        """Whether that player may give commands."""
        return peer.id in self._hosts or peer is self._first()

    def joined(self, peer: Peer) -> None:
        """A player is new in the room."""
        self.tell(peer)

    def left(self, peer: Peer) -> None:
        """A player is gone."""
        self._hosts.discard(peer.id)
        if (first := self._first()) is not None:
            self.tell(first)

    def pause(self, by: str) -> None:
        """Let time stand still, in somebody's name."""
        if not self._server.paused:
            self._server.ticker.stand()
            self._paused_by = by
            log.info("paused by %s", by)
            self._tell_all()
            self._server.emit(Paused(by))

    def unpause(self) -> None:
        """Let time go on."""
        if self._server.paused:
            self._server.ticker.go()
            self._paused_by = ""
            log.info("going on")
            self._tell_all()
            self._server.emit(Started())

    def tell(self, peer: Peer) -> None:
        """Tell a player how the room is for it, if that is news."""
        link = peer.link
        peer.tell_room(
            RoomState(
                host=self.is_host(peer),
                paused=self._server.paused,
                by=self._paused_by if self._server.paused else "",
                latency=link.latency,
                jitter=link.jitter,
                loss=link.loss,
            )
        )

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
                self._server.pause(peer.name)
            case "start":
                self._server.unpause()
            case "kick":
                self._kick(peer, command)
            case "shutdown":
                self._server.spawn(self._server.stop(command.reason or f"{peer.name} has closed the room"))
            case "link":
                self._set_link(command)

    def _claim(self, peer: Peer, password: str) -> None:
        if not self._may_guess(peer.address.rpartition(":")[0]):
            raise RequestFailed("host_password", "too many guesses; wait some seconds, and ask who hosts")
        if not self._password or not hmac.compare_digest(password.encode(), self._password.encode()):
            raise RequestFailed("host_password", "this is not the host's password; the host has printed it")
        self._hosts.add(peer.id)
        log.info("%s is a host now", peer.name)
        self.tell(peer)

    def _may_guess(self, address: str) -> bool:
        """Count a guess. By address: who leaves and joins again is another player, but guesses on."""
        guesses = self._guesses.setdefault(address, RateLimit(GUESSES_PER_SECOND, GUESS_BURST))
        while len(self._guesses) > MAX_GUESSERS:
            del self._guesses[next(iter(self._guesses))]
        return guesses.allows(clock())

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
            self._server.link = conditions

    def _found(self, id: int) -> Peer:
        for peer in self._server.peers:
            if peer.id == id:
                return peer
        raise RequestFailed("not_possible", f"nobody here has the number {id}; perhaps they have just left")

    def _first(self) -> Peer | None:
        """The player who is a host for having been here longest."""
        return next(iter(self._server.players), None) if self._first_is_host else None

    def _tell_all(self) -> None:
        for peer in self._server.peers:
            self.tell(peer)
