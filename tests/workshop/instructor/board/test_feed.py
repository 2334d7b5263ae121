"""The table of all players and attendees, for the boards that ask."""

import netlib
from tests.support.board import a_board, a_host
from tests.support.rooms import plain_client, url
from workshop.instructor.classroom.messages import ClassJoin, ClassPlace


async def test_the_table_has_players_and_the_class() -> None:
    """Players and attendees are in one table; one name is one row."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server, hello="Board") as board:
        async with netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva:
            await eva.request(ClassJoin("ＡＤＡ", "a" * 22))
            await eva.request(ClassJoin("Cleo", "c" * 22))
        await ada.send(type="ping", time=1.0, rtt=0.04)
        await ada.next("pong")
        rows = {row["name"]: row for row in (await board.ask(type="watch"))["body"]["rows"]}
    assert set(rows) == {"ＡＤＡ", "Board", "Cleo"}
    ada_row = rows["ＡＤＡ"]  # the class has it so, and it is the same name
    assert ada_row["member"] and ada_row["id"] == 1 and ada_row["rtt"] == 40
    assert rows["Cleo"]["member"] and rows["Cleo"]["id"] == 0
    assert not rows["Board"]["member"]


async def test_an_attendee_who_plays_under_another_name() -> None:
    """A player that names its attendee has one row with them, even if it is called like another attendee."""
    async with (
        a_board() as server,
        plain_client(server, hello="Cleo") as player,
        netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva,
    ):
        await eva.request(ClassJoin("Ada", "a" * 22))
        await eva.request(ClassJoin("Cleo", "c" * 22))
        await player.send(type="class_plays", nickname="Ada", token="wrong".ljust(22))
        await player.send(type="class_plays", nickname="Ada", token="a" * 22)
        rows = {row["name"]: row for row in (await player.ask(type="watch"))["body"]["rows"]}
        assert (rows["Ada"]["id"], rows["Ada"]["player"], rows["Cleo"]["id"]) == (1, "Cleo", 0)
        assert len(rows) == 2
        async with plain_client(server, hello="Ada"):
            table = (await player.ask(type="watch"))["body"]["rows"]
        assert [row["id"] for row in table] == [1, 0, 3], (
            "a player who is only called so has a row of its own"
        )
        await a_host(player)
        assert "code" not in await player.ask(type="class_order", do="rename", nickname="Cleo", text="Dora")
        rows = {row["name"]: row for row in (await player.ask(type="watch"))["body"]["rows"]}
        assert set(rows) == {"Ada", "Dora"}, "an attendee who is not in the game has a new name, too"


async def test_only_clients_that_asked_get_tables() -> None:
    """A board that watches gets a table each second; a client that does not, none."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server) as board:
        await board.ask(type="watch")
        assert (await board.next("table"))["bots"] == 0
        await ada.send(type="ping", time=1.0)
        seen = await ada.next()
        while seen["type"] != "pong":
            assert seen["type"] != "table"
            seen = await ada.next()
