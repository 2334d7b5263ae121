"""People come, go and talk, and everybody hears of it."""

import netlib
from netlib import testing
from workshop.game.company import Company
from workshop.game.messages import MESSAGES, Chat, Move, Notice
from workshop.game.world import World


class Room:
    """A room in a network in memory, with people and without a game."""

    def __init__(self) -> None:
        self.network = testing.Network()
        self.world = World(seed=1)

    def make(self, **options: object) -> netlib.Server:
        """Make the server."""
        server = netlib.Server("Lab", input_type=Move, **options)  # type: ignore[arg-type]
        self.company = Company(server, self.world)
        return server


@testing.in_virtual_time
async def test_who_comes_goes_and_talks_is_heard_of() -> None:
    """Others are told; a player has a body from its coming to its leaving; a line goes to all."""
    room = Room()
    async with room.network as network:
        await network.serve(room.make)
        ada = await network.join("Ada", messages=MESSAGES)
        ben = await network.join("Ben", messages=MESSAGES)
        assert (await testing.message(ada, Notice)).text == "Ben joined"
        assert [player.name for player in room.world.players.values()] == ["Ada", "Ben"]
        ben.send(Chat("hi\n"))
        assert await testing.message(ada, Chat) == Chat("hi", ben.player_id)
        await ben.close()
        assert (await testing.message(ada, Notice)).text == "Ben left"
        assert list(room.world.players) == [ada.player_id]


@testing.in_virtual_time
async def test_a_spectator_has_no_body_and_no_turn() -> None:
    """Who watches is not in the world, and nobody hears of it."""
    room = Room()
    async with room.network as network:
        await network.serve(room.make)
        ada = await network.join("Ada", messages=MESSAGES)
        await network.join("Eve", spectator=True)
        await network.join("Ben")
        assert (await testing.message(ada, Notice)).text == "Ben joined"
        assert sorted(peer.name for peer in room.company.in_turn()) == ["Ada", "Ben"]
