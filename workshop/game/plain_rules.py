"""The server of Gem Rush in few words: for stages, and checks, whose lesson is another."""

from __future__ import annotations

import netlib
from workshop.game.messages import Chat
from workshop.game.rounds import ROUND_SECONDS
from workshop.game.world import World


class PlainRules:
    """The game in a room: who is there, and what happens in each tick.

    Args:
        server: the room; its inputs are `workshop.game.messages.Move`.
        seed: of the map and all chances; a random one when it is None.
        round_seconds: how long a round is played.
    """

    def __init__(
        self, server: netlib.Server, *, seed: int | None = None, round_seconds: float = ROUND_SECONDS
    ) -> None:
        self.server = server
        self.world = World(seed=seed, tick_rate=server.tick_rate, round_seconds=round_seconds)
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)
        server.on(Chat, self.chat)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        if not event.peer.spectator:
            self.world.add_player(event.peer.id, event.peer.name)

    def left(self, event: netlib.Left) -> None:
        self.world.remove_player(event.peer.id)

    def chat(self, peer: netlib.Peer, message: Chat) -> None:
        self.server.broadcast(Chat(message.text, sender=peer.id))

    def tick(self, dt: float) -> None:
        for peer in self.server.players:
            for move in peer.take_inputs():
                self.world.apply(peer.id, move)
        self.world.advance(self.server.tick)
        self.server.publish(self.world.state)
