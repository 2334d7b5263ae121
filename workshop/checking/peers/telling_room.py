"""A room that tells what a check wants, as `full` and `delta`, and what a client shows of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import netlib
from workshop.checking.lab import Lab
from workshop.checking.peers.listeners import Collections, Delta, Fields, Full, fields
from workshop.checking.program import Program
from workshop.game.entities import ROUND_ID, Player, Resource, Round
from workshop.game.maps import make_map
from workshop.game.messages import Move

SEED = 316
OTHER = "90"  # the id of a player whom only our server knows


class TellingRoom:
    """A room of ours that tells their client what we say."""

    def __init__(self, port: int) -> None:
        self.server = netlib.Server("check", host="127.0.0.1", port=port, input_type=Move, discoverable=False)
        self.spots = make_map(SEED).spawns
        self.me = ""
        self.server.on(netlib.Joined, self._joined)

    def world(self, *resources: str, others: bool = True) -> Collections:
        """A world with their player, another one, and these resources."""
        players = {self.me: self._player("Ada", 0)} | ({OTHER: self._player("Ben", 5)} if others else {})
        gems = {id: fields(Resource("gem", *self.spots[int(id)])) for id in resources}
        round = Round(SEED, phase="playing", ends_at=10_000)
        return {"players": players, "resources": gems, "round": {str(ROUND_ID): fields(round)}}

    def tell(self, message: Full | Delta) -> None:
        """Send something to their client."""
        self.server.broadcast(message)

    def _player(self, name: str, spot: int) -> Fields:
        return fields(Player(name, 1, *self.spots[spot]))

    def _joined(self, event: netlib.Joined) -> None:
        self.me = str(event.peer.id)
        event.peer.send(Full(self.world("3", "12")))


@contextlib.asynccontextmanager
async def windowed(lab: Lab) -> AsyncIterator[tuple[TellingRoom, Program]]:
    """Their client in a room of ours, when it has shown the first world; or has not."""
    room = TellingRoom(port := lab.ports.free())
    address = ("--host", "127.0.0.1", "--port", port, "--name", "Ada")
    async with room.server, lab.program("client", *address, window=True) as program:
        await program.until(lambda: program.frames or program.exit_code is not None, 15.0)
        await program.until(lambda: shown(program) or program.exit_code is not None)
        yield room, program


def shown(program: Program) -> dict[str, tuple[int, int]]:
    """The players in the newest frame, by id."""
    scene = program.frames[-1].scene if program.frames else None
    return {str(id): place for id, place in (scene or {}).items()}


def lying(program: Program) -> list[int]:
    """The resources in the newest frame."""
    return sorted(program.frames[-1].resources)
