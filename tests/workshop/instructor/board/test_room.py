"""The board's side of the wire: its table, and what only a host may want."""

from typing import Any

import pytest

import netlib
from netlib.errors import RequestFailed
from tests.support.board import PASSWORD, a_board
from tests.support.processes import wait_until_async
from tests.support.rooms import PlainClient, plain_client, url
from workshop.instructor.classroom.messages import ClassJoin, ClassPlace

BAD = "<img src=x onerror=alert(1)>"


async def a_host(client: PlainClient) -> None:
    """Make a host of a client."""
    assert "code" not in await client.ask(type="command", do="host", password=PASSWORD)


async def test_the_table_has_players_and_the_class() -> None:
    """Players and attendees are in one table; one name is one row."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server, hello="Board") as board:
        async with netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva:
            await eva.request(ClassJoin("Ada", "a" * 22))
            await eva.request(ClassJoin("Cleo", "c" * 22))
        await ada.send(type="ping", time=1.0, rtt=0.04)
        await ada.next("pong")
        rows = {row["name"]: row for row in (await board.ask(type="watch"))["body"]["rows"]}
    assert sorted(rows) == ["Ada", "Board", "Cleo"]
    assert rows["Ada"]["member"] and rows["Ada"]["id"] == 1 and rows["Ada"]["rtt"] == 40
    assert rows["Cleo"]["member"] and rows["Cleo"]["id"] == 0
    assert not rows["Board"]["member"]


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


ORDERS: list[dict[str, Any]] = [
    {"type": "order", "do": "restart"},
    {"type": "order", "do": "rename", "player": 1, "text": "Zoe"},
    {"type": "order", "do": "say", "text": "hello"},
    {"type": "bots", "number": 3},
    {"type": "class_order", "do": "agree", "nickname": "Ada"},
    {"type": "class_order", "do": "forget", "nickname": "Ada"},
    {"type": "command", "do": "link", "latency": 0.25},
    {"type": "command", "do": "pause"},
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order['type']} {order.get('do', '')}".strip())
async def test_nobody_else_commands(order: dict[str, Any]) -> None:
    """Each command of the board is refused by the server when it comes from somebody who is no host."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server, hello="Eve") as eve:
        assert (await eve.ask(**order))["code"] == "not_host"
        assert [peer.name for peer in server.players] == [ada.welcome["name"], "Eve"]
        assert not server.paused and server.link.perfect


async def test_a_new_round() -> None:
    """A host begins the round anew: scores are 0, and players are told."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server, hello="Ben") as ben:
        await a_host(ada)
        assert "code" not in await ada.ask(type="order", do="restart")
        assert (await ben.next("notice"))["text"] == "Ada has restarted the round"


async def test_renaming() -> None:
    """A host gives a player another name: it is made unique, kept over a drop, and shown to all."""
    async with a_board() as server, plain_client(server) as host, plain_client(server, hello=BAD[:20]) as bad:
        await a_host(host)
        number = bad.welcome["player_id"]
        assert "code" not in await host.ask(type="order", do="rename", player=number, text="ada")
        peer = next(peer for peer in server.players if peer.id == number)
        assert (peer.name, peer._seat.session.name) == ("ada 2", "ada 2")
        while "ada 2" not in str(await bad.next("snapshot")):
            pass


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"do": "rename", "player": 99, "text": "Zoe"}, "not_possible"),
        ({"do": "rename", "player": 1, "text": "\n"}, "not_possible"),
        ({"do": "rename", "player": 1, "text": "x" * 21}, "not_possible"),
        ({"do": "say", "text": "\u200b \n"}, "not_possible"),
        ({"do": "dance"}, "bad_message"),
        ({"do": "say", "text": "x" * 201}, "bad_message"),
        ({"do": "rename", "player": -1, "text": "Zoe"}, "bad_message"),
    ],
)
async def test_what_cannot_be_done(order: dict[str, Any], code: str) -> None:
    """A host's order that makes no sense is refused with a reason, and changes nothing."""
    async with a_board() as server, plain_client(server) as ada:
        await a_host(ada)
        reply = await ada.ask(type="order", **order)
        assert reply["code"] == code and reply["message"]
        assert [peer.name for peer in server.players] == ["Ada"]


async def test_a_word_to_all() -> None:
    """What a host says reaches everybody, with the host's name."""
    async with a_board() as server, plain_client(server, hello="Ida") as host, plain_client(server) as ada:
        await a_host(host)
        await host.ask(type="order", do="say", text="look at the board")
        texts = [(await ada.next("notice"))["text"] for _ in range(1)]
        assert texts == ["Ida: look at the board"]


async def test_the_class_takes_no_orders_for_strangers() -> None:
    """To agree with nobody, or to forget somebody unknown, is answered with a reason."""
    async with a_board() as server, plain_client(server) as ada:
        await a_host(ada)
        for do in ("agree", "forget"):
            assert (await ada.ask(type="class_order", do=do, nickname="Nobody"))["message"]


async def test_bots_come_and_go() -> None:
    """A host asks for bots, for more, for fewer, and for none."""
    async with a_board() as server, netlib.connect(url(server), name="Board", spectator=True) as board:
        with pytest.raises(RequestFailed):
            await board.request(netlib.Untyped("bots", {"number": 2}))
        await board.request(netlib.Untyped("command", {"do": "host", "password": PASSWORD}))
        for number in (2, 3, 1, 0):
            await board.request(netlib.Untyped("bots", {"number": number}))
            await wait_until_async(lambda: len(server.players) == number, f"{number} bots")  # noqa: B023
    assert not server.players
