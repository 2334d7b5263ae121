"""Gem Rush, the server: it alone decides what happens.

Run it with ``python -m solutions.step14_public.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from workshop.game.flags import server_options
from workshop.game.manners import Manners, readable
from workshop.game.messages import Chat, Move, Notice
from workshop.game.rounds import ROUND_SECONDS
from workshop.game.start import keep_open, start
from workshop.game.world import World

PING_TICKS = 30  # ticks between two updates of everybody's ping


class GemRush:
    """The game in a room: its listeners, and what happens in each tick."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self.server, self.world = server, world
        self.manners = Manners()
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Dropped, self.away_or_back)
        server.on(netlib.Resumed, self.away_or_back)
        server.on(netlib.Left, self.left)
        server.on(Chat, self.chat)
        server.on_tick(self.tick)

    def joined(self, event: netlib.Joined) -> None:
        if not event.peer.spectator:
            self.world.add_player(event.peer.id, event.peer.name)
        self.tell(event.peer, "joined")

    def away_or_back(self, event: netlib.Dropped | netlib.Resumed) -> None:
        """Who loses its connection stays, stands still, and may come back."""
        self.world.set_away(event.peer.id, not event.peer.connected)
        self.tell(event.peer, "is back" if event.peer.connected else "lost the connection")

    def left(self, event: netlib.Left) -> None:
        self.world.remove_player(event.peer.id)
        self.manners.forget(event.peer.id)
        self.tell(event.peer, "left")

    def tell(self, peer: netlib.Peer, words: str) -> None:
        if not peer.spectator:
            self.server.broadcast(Notice(f"{peer.name} {words}"), exclude=[peer])

    def chat(self, peer: netlib.Peer, message: Chat) -> None:
        text = readable(message.text)
        if problem := self.manners.problem(peer.id, text, self.server.time):
            peer.refuse(*problem)
        else:
            self.server.broadcast(Chat(text, sender=peer.id))

    def tick(self, dt: float) -> None:
        """One step of the world: everyone's inputs in turn, then time, then the news to all."""
        peers = {peer.id: peer for peer in self.server.players}
        for player_id in self.world.turn_order():
            if player_id in peers:
                self.apply_inputs(peers[player_id])
        self.world.advance(self.server.tick)
        if self.server.tick % PING_TICKS == 0:
            for peer in peers.values():
                self.world.set_ping(peer.id, peer.rtt)
        self.server.publish(self.world.state)

    def apply_inputs(self, peer: netlib.Peer) -> None:
        for move in peer.take_inputs():
            if refusal := self.world.apply(peer.id, move):
                peer.count(refusal)


def make_server(
    *, room: str = "Gem Rush", round_seconds: float = ROUND_SECONDS, seed: int | None = None, **options: Any
) -> netlib.Server:
    """A room with the game in it, not yet open; ``options`` are `netlib.Server`'s."""
    server = netlib.Server(room, input_type=Move, seed=seed, **options)
    GemRush(server, World(seed=seed, tick_rate=server.tick_rate, round_seconds=round_seconds))
    return server


async def serve(*, seconds: float | None = None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code.

    Raises:
        netlib.StartError: the room could not be opened; the text says why, and what to do.
    """
    return await keep_open(make_server(**options), seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
