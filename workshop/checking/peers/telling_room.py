"""A room that tells what a check wants, as `full` and `delta`, and what a client shows of it."""

import contextlib
from collections.abc import AsyncIterator, Mapping

import netlib
from workshop.checking.lab import Lab
from workshop.checking.peers.listeners import Collections, Delta, Fields, Full, fields
from workshop.checking.program import Program
from workshop.checking.verdict import Wrong
from workshop.game.rules.entities import ROUND_ID, Player, Resource, Round
from workshop.game.rules.maps import Point, make_map
from workshop.game.rules.messages import Move

SEED = 9  # of a map on which wood lies where the first player starts
OTHER = 90  # the id of a player whom only our server knows


class TellingRoom:
    """A room of ours that tells their client what we say."""

    def __init__(self, port: int) -> None:
        self.server = netlib.Server("check", host="127.0.0.1", port=port, input_type=Move, discoverable=False)
        self.spots = make_map(SEED).spawns
        self.me = 0
        self.server.on(netlib.Joined, self._joined)

    def world(self, *resources: str, others: bool = True) -> Collections:
        """A world with their player, another one, and these resources."""
        players = {str(self.me): self._player("Ada", 0)}
        if others:
            players[str(OTHER)] = self._player("Ben", 5)
        gems = {id: fields(Resource("gem", *self.spots[int(id)])) for id in resources}
        round = Round(SEED, phase="playing", ends_at=10_000)
        return {"players": players, "resources": gems, "round": {str(ROUND_ID): fields(round)}}

    def tell(self, message: Full | Delta) -> None:
        """Send something to their client."""
        self.server.broadcast(message)

    def _player(self, name: str, spot: int) -> Fields:
        return fields(Player(name, 1, *self.spots[spot]))

    def _joined(self, event: netlib.Joined) -> None:
        self.me = event.peer.id
        event.peer.send(Full(self.world("3", "12")))


@contextlib.asynccontextmanager
async def windowed(lab: Lab) -> AsyncIterator[tuple[TellingRoom, Program]]:
    """Their client in a room of ours, when it has shown the first world. Raises `Wrong`: it does not."""
    room = TellingRoom(port := lab.ports.free())
    expected = "a snapshot with two players and two resources: the window shows them"
    async with room.server, lab.client(port, "--name", "Ada", expected=expected) as program:
        players = {room.me: room.spots[0], OTHER: room.spots[5]}
        await displays(program, players, [3, 12], expected, "not_shown")
        yield room, program


async def displays(
    program: Program, players: Mapping[int, Point], resources: list[int], expected: str, symptom: str
) -> None:
    """Wait until the window shows these players and resources, and nothing else.

    Raises:
        Wrong: it does not.
    """
    wanted = (players, resources)
    if not await program.reaches(lambda: displayed(program) == wanted, expected=expected):
        found = displayed(program)
        saw = f"the players {found[0]} and the resources {found[1]}" if found else "no world"
        raise Wrong(expected, f"it shows {saw}", symptom)


def displayed(program: Program) -> tuple[Mapping[int, Point], list[int]] | None:
    """The players and the resources in the newest frame; None when it shows no world."""
    frame = program.frames[-1] if program.frames else None
    return None if frame is None or frame.scene is None else (frame.scene, sorted(frame.resources))
