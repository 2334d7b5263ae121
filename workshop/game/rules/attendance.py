"""The players in the room: they join, leave, lose the connection and chat, and all the others hear of it."""

from collections.abc import Iterator

import netlib
from netlib.session.names import readable
from workshop.game.rules.chat_rules import ChatRules
from workshop.game.rules.host_commands import HostOrders
from workshop.game.rules.messages import Chat, Notice
from workshop.game.rules.world import World

PING_TICKS = 30  # ticks between two updates of everybody's ping


class Attendance:
    """The players and spectators of a room, and the world of the players."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self._server, self._world = server, world
        self._chat_rules = ChatRules()
        HostOrders(server, world)
        server.on(netlib.Joined, self._joined)
        server.on(netlib.Dropped, self._away_or_back)
        server.on(netlib.Resumed, self._away_or_back)
        server.on(netlib.Left, self._left)
        server.on(Chat, self._chat)
        server.on_tick(self._tick)

    def in_turn(self) -> Iterator[netlib.Peer]:
        """The players in the order of this tick; see `World.turn_order`."""
        peers = {peer.id: peer for peer in self._server.players}
        return (peers[player_id] for player_id in self._world.turn_order() if player_id in peers)

    def _joined(self, event: netlib.Joined) -> None:
        if not event.peer.spectator:
            self._world.add_player(event.peer.id, event.peer.name)
        self._tell(event.peer, "joined")

    def _away_or_back(self, event: netlib.Dropped | netlib.Resumed) -> None:
        """A player who loses the connection stays, stands still, and may come back."""
        self._world.set_away(event.peer.id, not event.peer.connected)
        self._tell(event.peer, "is back" if event.peer.connected else "lost the connection")

    def _left(self, event: netlib.Left) -> None:
        self._world.remove_player(event.peer.id)
        self._chat_rules.forget(event.peer.id)
        self._tell(event.peer, "left")

    def _tell(self, peer: netlib.Peer, words: str) -> None:
        if not peer.spectator:
            self._server.broadcast(Notice(f"{peer.name} {words}"), exclude=[peer])

    def _chat(self, peer: netlib.Peer, message: Chat) -> None:
        text = readable(message.text).strip()
        if problem := self._chat_rules.problem(peer.id, text, self._server.time):
            peer.refuse(*problem)
        else:
            self._server.broadcast(Chat(text, sender=peer.id))

    def _tick(self, dt: float) -> None:
        if self._server.tick % PING_TICKS == 0:
            for peer in self._server.players:
                self._world.set_ping(peer.id, peer.rtt)
