"""A server that keeps a baseline for each client."""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step07_state_sync.messages import Snapshot
from solutions.step07_state_sync.sync import Flat, between, flat, nested
from workshop.game.flags import server_options
from workshop.game.messages import Move
from workshop.game.start import keep_open, start
from workshop.game.world import World


async def serve(seed: int | None, room: str, round_seconds: float, seconds: float | None, **more: Any) -> int:
    """Serve until it is cancelled."""
    server = netlib.Server(room, input_type=Move, discoverable=False, **more)
    world, known = World(seed=seed, round_seconds=round_seconds), dict[int, Flat]()
    server.on(netlib.Joined, lambda event: world.add_player(event.peer.id, event.peer.name))

    @server.on(netlib.Left)
    def left(event: netlib.Left) -> None:
        world.remove_player(event.peer.id)
        known.pop(event.peer.id, None)

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for move in peer.take_inputs():
                world.apply(peer.id, move)
        world.advance(server.tick)
        now = flat(world.state)
        for peer in server.peers:
            if peer.id not in known:
                peer.send(Snapshot(nested(now)))
            elif known[peer.id] != now:
                peer.send(between(known[peer.id], now))
            known[peer.id] = now

    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
