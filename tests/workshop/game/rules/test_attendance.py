"""People come, go and talk, and everybody hears of it."""

import netlib
from netlib import testing
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.messages import MESSAGES, Chat, Move, Notice
from workshop.game.rules.world import World


def room(**options: object) -> netlib.Server:
    """Return a server in whose room are people and no game."""
    return netlib.Server("Lab", input_type=Move, **options)  # type: ignore[arg-type]


@testing.in_virtual_time
async def test_players_that_come_go_and_talk_are_heard_of() -> None:
    """Others are told; a player has a body from its coming to its leaving; a line goes to all."""
    async with testing.Network() as network:
        Attendance(await network.serve(room), world := World(seed=1))
        ada = await network.join("Ada", messages=MESSAGES)
        ben = await network.join("Ben", messages=MESSAGES)
        assert (await testing.message(ada, Notice)).text == "Ben joined"
        assert [player.name for player in world.players.values()] == ["Ada", "Ben"]
        ben.send(Chat("hi\n"))
        assert await testing.message(ada, Chat) == Chat("hi", ben.player_id)
        ben.send(Chat("\u202e👩\u200d💻 می\u200cآید\u200b"))
        assert (await testing.message(ada, Chat)).text == "👩\u200d💻 می\u200cآید"
        ben.send(Chat("\u200b\u3164\u202e "))
        assert (await testing.message(ben, netlib.ServerError)).code == "empty_chat"
        await ben.close()
        assert (await testing.message(ada, Notice)).text == "Ben left"
        assert list(world.players) == [ada.player_id]


@testing.in_virtual_time
async def test_a_spectator_has_no_body_and_no_turn() -> None:
    """A spectator is not in the world, and nobody hears of it."""
    async with testing.Network() as network:
        attendance = Attendance(await network.serve(room), World(seed=1))
        ada = await network.join("Ada", messages=MESSAGES)
        await network.join("Eve", spectator=True)
        await network.join("Ben")
        assert (await testing.message(ada, Notice)).text == "Ben joined"
        assert sorted(peer.name for peer in attendance.in_turn()) == ["Ada", "Ben"]
