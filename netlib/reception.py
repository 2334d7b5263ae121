"""What the server does with netlib's own messages: hello, ack, ping and input."""

from __future__ import annotations

import itertools
import secrets
from typing import TYPE_CHECKING

from websockets.frames import CloseCode

from netlib.messages import Input, Message, Untyped
from netlib.session import RoomStatus, free_name, judge
from netlib.wire import Ack, Hello, Ping, Pong, Welcome

if TYPE_CHECKING:
    from netlib.peer import Peer
    from netlib.server import Server


class Reception:
    """Lets clients in, and answers what every client may say.

    Args:
        server: whose door this is.
        password: what a client needs to come in; empty lets everyone in.
    """

    def __init__(self, server: Server, password: str) -> None:
        self._server = server
        self._password = password
        self._ids = itertools.count(1)

    def handle(self, peer: Peer, message: Message | Untyped) -> bool:
        """Deal with one message; False when it is the game's."""
        match message:
            case Hello():
                self._hello(peer, message)
            case _ if not peer.joined:
                peer.refuse("no_hello", "say hello first: the first message of a client is a hello")
            case Ack(tick=tick):
                if isinstance(tick, int):
                    peer.acknowledge(tick)
            case Ping(time=time, rtt=rtt):
                peer.rtt = rtt or peer.rtt
                peer.send(Pong(time, self._server.time))
            case Input() if peer.spectator:
                peer.refuse("spectator", "spectators only watch; connect as a player to move")
            case Input():
                peer.queue_input(message)
            case _:
                return False
        return True

    def _hello(self, peer: Peer, hello: Hello) -> None:
        if peer.joined:
            peer.refuse("second_hello", "you have joined already; one hello a connection")
            return
        refusal = judge(hello, self._status())
        if refusal is None:
            self._welcome(peer, hello)
            return
        peer.count(refusal.code)
        peer.send(refusal)
        peer.close(CloseCode.POLICY_VIOLATION, refusal.message)

    def _welcome(self, peer: Peer, hello: Hello) -> None:
        server = self._server
        peer.join(next(self._ids), free_name(hello.name, self._status().names), hello.spectator)
        peer.send(
            Welcome(
                player_id=peer.id,
                name=peer.name,
                resume=secrets.token_urlsafe(16),
                resumed=False,
                room=server.name,
                tick=server.tick,
                tick_rate=server.tick_rate,
                server_time=server.time,
            )
        )
        server.peer_joined(peer)

    def _status(self) -> RoomStatus:
        peers = self._server.peers
        players = sum(not peer.spectator for peer in peers)
        return RoomStatus(
            names=[peer.name for peer in peers],
            players=players,
            spectators=len(peers) - players,
            password=self._password,
            limits=self._server.limits,
        )
