"""Who is in the room: joining, losing the connection, coming back, leaving."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from websockets.frames import CloseCode

from netlib.errors import ConnectionLost
from netlib.events import Dropped, Joined, Left, Resumed
from netlib.protocol.codecs import Codec
from netlib.protocol.messages import Message, Untyped, encode
from netlib.server.peer import Peer
from netlib.session.sessions import Session, Sessions
from netlib.transport.loops import clock

if TYPE_CHECKING:
    from netlib.server.server import Server

TOKEN_BYTES = 16  # of randomness in a resume token
EARLY = 0.05  # seconds; asyncio's timers may be early by a step of their clock, 16 ms on Windows

log = logging.getLogger("netlib")


class Roster:
    """The players of a server, connected or not, and what the game is told of their coming and going.

    Attributes:
        sessions: their stays, by which a hello is judged.
    """

    def __init__(self, server: Server) -> None:
        self.sessions = Sessions(make_token=partial(secrets.token_urlsafe, TOKEN_BYTES))
        self._server = server
        self._peers: dict[int, Peer] = {}

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room, in the order in which they joined."""
        return list(self._peers.values())

    def broadcast(
        self, message: Message | Untyped, exclude: Collection[Peer], delivered: Callable[[Peer], Any] | None
    ) -> None:
        """Send a message to everyone except those in ``exclude``; encoded once for each codec."""
        encoded: dict[Codec, bytes] = {}
        for peer in self.peers:
            if peer not in exclude:
                if peer.codec not in encoded:
                    encoded[peer.codec] = encode(peer.codec, message)
                peer.send_encoded(message, encoded[peer.codec], delivered)

    def add(self, session: Session) -> Peer:
        """A new player of that session."""
        peer = self._peers[session.id] = Peer(self._server, session)
        return peer

    def peer_of(self, session: Session) -> Peer:
        """The player of that session."""
        return self._peers[session.id]

    def joined(self, peer: Peer) -> None:
        """A first hello was accepted, and the welcome is sent."""
        self._server.metrics.joined += 1
        log.info("%s joined from %s", peer.name, peer.address)
        self._server.emit(Joined(peer))
        self._server.rights.joined(peer)

    def resumed(self, peer: Peer) -> None:
        """A player is back, and has been sent what it missed."""
        self._server.metrics.resumed += 1
        log.info("%s is back from %s", peer.name, peer.address)
        self._server.emit(Resumed(peer))

    def dropped(self, peer: Peer, code: int, reason: str) -> None:
        """A player has lost its connection; it may come back within the grace time, or is back already."""
        may_return = peer.connected or self._server.stopping or self._server.limits.grace_time > 0
        if peer.session.over or not may_return:
            self.left(peer, code, reason)
            return
        self._server.metrics.dropped += 1
        log.info("%s (%s) was dropped: %d %s", peer.name, peer.address, code, reason)
        if not peer.connected:
            self._wait_for(peer)
        self._server.emit(Dropped(peer, code, reason))

    def left(self, peer: Peer, code: int, reason: str) -> None:
        """A player is gone for good."""
        if peer.gone:
            return
        peer.gone = True
        self.forget(peer, reason)
        self._peers.pop(peer.id, None)
        self._server.metrics.left += 1
        log.info("%s (%s) left: %d %s", peer.name, peer.address, code, reason)
        peer.requests.fail(ConnectionLost(code, reason))
        self._server.emit(Left(peer, code, reason))
        self._server.rights.left(peer)

    def forget(self, peer: Peer, reason: str, *, shut_out: bool = False) -> None:
        """Its client cannot come back any more; see `Sessions.end`."""
        self.sessions.end(peer.session, reason, shut_out=shut_out)

    def rename(self, peer: Peer, name: str) -> None:
        """Give a player another name, made unique as in a hello. The game has to tell the others.

        Raises:
            RequestFailed: this is no name for a player; the text says why.
        """
        before, peer.name = peer.name, self.sessions.rename(peer.session, name)
        log.info("%s is called %s now", before, peer.name)

    def wait_for_all(self) -> None:
        """The server starts again: those who were here before get their grace time."""
        for peer in self.peers:
            self._wait_for(peer)

    def _wait_for(self, peer: Peer) -> None:
        self.sessions.drop(peer.session, clock())
        asyncio.get_running_loop().call_later(self._server.limits.grace_time, self._end_overdue)

    def _end_overdue(self) -> None:
        if self._server.stopping:
            return
        grace_time = self._server.limits.grace_time
        for session in self.sessions.overdue(clock() + EARLY, grace_time):
            reason = f"did not come back within {grace_time:g} s"
            self.left(self.peer_of(session), CloseCode.ABNORMAL_CLOSURE, reason)
