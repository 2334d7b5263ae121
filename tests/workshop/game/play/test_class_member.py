"""A window says to the class's own room which attendee plays, and to no other room."""

import pytest
from msgspec.structs import replace

import netlib
from tests.support.classes import a_class, a_member, join
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, url
from workshop.game.play.class_member import introduce, place
from workshop.instructor.classroom.membership import MembershipFile
from workshop.instructor.classroom.messages import ClassPlays

pytestmark = pytest.mark.usefixtures("course_root")


async def test_a_player_of_any_name_is_its_attendee() -> None:
    """The table knows the player of an attendee, whatever it is called; spectators are no players."""
    async with a_class() as (server, registrar), netlib.connect(url(server), name="Zoe") as zoe:
        ada = a_member(server)
        await join(ada)
        MembershipFile().write(ada)
        introduce(zoe)
        await wait_until_async(lambda: registrar.attendees()[0].player, "the player is known")
        assert registrar.attendees()[0].player == server.players[0].id


async def test_no_other_room_hears_the_secret() -> None:
    """A room at another address gets nothing; nor does any room when there is no class."""
    heard = list[ClassPlays]()
    async with a_class() as (server, _), a_room() as other, netlib.connect(url(other), name="Zoe") as zoe:
        other.on(ClassPlays, lambda peer, told: heard.append(told))
        introduce(zoe)
        MembershipFile().write(a_member(server))
        introduce(zoe)
        MembershipFile().write(a_member(other))
        introduce(zoe)
        await wait_until_async(lambda: heard, "its own room hears it")
        assert len(heard) == 1


def test_the_same_place() -> None:
    """However the two addresses were typed."""
    assert place("10.0.0.7") == place("ws://10.0.0.7:8765") == ("10.0.0.7", 8765)


@pytest.mark.parametrize("typed", ["", "nonsense http:// x", "10.0.0"])
async def test_an_address_that_is_none(typed: str) -> None:
    """Whoever has changed it by hand plays on, as a player like any other."""
    async with a_room() as room, netlib.connect(url(room), name="Zoe") as zoe:
        MembershipFile().write(replace(a_member(room), address=typed))
        introduce(zoe)
        assert place(typed) is None
