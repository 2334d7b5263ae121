"""The tables: a room for every two players, each with its own game, code and spectators."""

from typing import Any

from msgspec.structs import replace

import netlib
from examples.tables.rules import Choose, Game, Secret
from netlib.interest import Private, Views
from netlib.rooms import KindRoom, RoomServer


def make_server(**options: Any) -> RoomServer:
    """A server of tables, not yet open; ``options`` are `RoomServer`'s."""
    server = RoomServer("Tables", **options)
    server.kind("table", limits=netlib.Limits(max_players=2))(furnish)
    return server


def furnish(room: KindRoom) -> None:
    """Put a game into a new room."""
    game = Game()
    Views(room)  # sends what is `Private` to its owner alone
    room.on(Choose)(lambda peer, message: game.choose(peer.id, message.cell))

    @room.on_tick
    def tick(dt: float) -> None:
        game.seat({peer.id: peer.name for peer in room.players})
        room.metadata = {"names": " and ".join(game.names.values())}
        score = [f"{it.name}: {game.wins[it.id]}{'' if it.connected else ' (away)'}" for it in room.players]
        secrets = Private({id: {id: Secret(number)} for id, number in game.secrets.items()})
        room.publish({"table": {1: replace(game.table, score="    ".join(score))}, "secrets": secrets})
