"""Gem Rush in small: all rules in one place, with complex numbers for places."""

from __future__ import annotations

import itertools
import random
from typing import Any

from msgspec.structs import replace

import netlib
from solutions.step06_authority.messages import Move
from workshop.game.entities import Player, Resource, Round
from workshop.game.flags import server_options
from workshop.game.maps import Map, make_map
from workshop.game.start import keep_open, start

STEP, REACH = 128, 736  # world units


def wish(move: Move) -> complex:
    """A direction, when it is an allowed one; nothing otherwise."""
    wanted = complex(*move.move)
    if abs(wanted) > 1.5:
        return 0j
    return wanted / abs(wanted) if abs(wanted) > 1 else wanted


def run(player: Player, move: Move, map: Map) -> Player:
    """One step, or none where a wall is."""
    there = complex(player.x, player.y) + wish(move) * STEP
    x, y = round(there.real), round(there.imag)
    return replace(player, x=x, y=y) if map.is_free(x, y) else player


def take(player: Player, gems: dict[int, Resource], places: list[tuple[int, int]], ids: Any) -> Player:
    """The player after a press; what it takes is replaced."""
    here = complex(player.x, player.y)
    in_reach = {id: d for id, gem in gems.items() if (d := abs(complex(gem.x, gem.y) - here)) <= REACH}
    if not in_reach:
        return player
    gems.pop(min(in_reach, key=in_reach.__getitem__))
    gems[next(ids)] = Resource("gem", *random.choice(places))
    return replace(player, score=player.score + 1)


async def serve(seed: int | None, room: str, round_seconds: float, seconds: float | None, **more: Any) -> int:
    """Serve until it is cancelled."""
    map = make_map(seed or 1)
    players: dict[int, Player] = {}
    ids = itertools.count(100)
    gems = {next(ids): Resource("gem", *place) for place in map.spots[::8]}
    server = netlib.Server(room, input_type=Move, discoverable=False, **more)

    @server.on(netlib.Joined)
    def joined(event: netlib.Joined) -> None:
        players[event.peer.id] = Player(event.peer.name, 1, *map.spawns[len(players)])

    @server.on(netlib.Left)
    def left(event: netlib.Left) -> None:
        del players[event.peer.id]

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for move in peer.take_inputs():
                me = run(players[peer.id], move, map)
                players[peer.id] = take(me, gems, list(map.spots), ids) if move.collect else me
        round = Round(map.seed, phase="playing", ends_at=10**6)
        server.publish({"players": players, "resources": gems, "round": {0: round}})

    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
