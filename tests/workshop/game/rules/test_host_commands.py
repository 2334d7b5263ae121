"""What a host can order, and what comes of an order that makes no sense."""

from typing import Any

import pytest

from tests.support.board import a_board, a_host
from tests.support.rooms import plain_client

BAD = "<img src=x onerror=alert(1)>"


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
        ({"do": "dance"}, "bad_message"),
        ({"do": "rename", "player": 1, "text": "x" * 201}, "bad_message"),
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
