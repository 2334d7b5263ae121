"""The board's side of the wire: what only a host may want."""

import json
from ipaddress import IPv4Interface
from typing import Any

import pytest

from netlib.discovery.interfaces import Face
from tests.support.board import a_board, a_host
from tests.support.rooms import plain_client, request
from tests.workshop.instructor.board.test_pages import get
from workshop.instructor.board import addresses

ORDERS: list[dict[str, Any]] = [
    {"type": "order", "do": "restart"},
    {"type": "order", "do": "rename", "player": 1, "text": "Zoe"},
    {"type": "board_order", "do": "say", "text": "hello"},
    {"type": "board_order", "do": "countdown", "number": 60},
    {"type": "class_order", "do": "lower", "nickname": "Ada"},
    {"type": "bots", "number": 3},
    {"type": "class_order", "do": "agree", "nickname": "Ada"},
    {"type": "class_order", "do": "forget", "nickname": "Ada"},
    {"type": "class_order", "do": "rename", "nickname": "Ada", "text": "Zoe"},
    {"type": "choose_address", "address": ""},
    {"type": "desk_key"},
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


async def test_the_class_takes_no_orders_for_strangers() -> None:
    """What cannot be done for somebody unknown is answered with a reason."""
    async with a_board() as server, plain_client(server) as ada:
        await a_host(ada)
        for do in ("agree", "forget", "lower"):
            assert (await ada.ask(type="class_order", do=do, nickname="Nobody"))["message"]


async def test_a_desk_comes_back() -> None:
    """With the key that it got, a desk commands without the password; with any other it does not."""
    async with a_board() as server, plain_client(server) as ada, plain_client(server, hello="Eve") as eve:
        await a_host(ada)
        key = (await ada.ask(type="desk_key"))["body"]["key"]
        assert (await eve.ask(type="open_desk", key=key[:-1] + "-"))["code"] == "desk_key"
        assert (await eve.ask(type="command", do="pause"))["code"] == "not_host"
        assert "code" not in await eve.ask(type="open_desk", key=key)
        assert "code" not in await eve.ask(type="command", do="pause")
        assert server.paused


async def test_the_host_chooses_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one that this machine has; the pages and the table tell it."""
    found = [
        Face("wlan0", IPv4Interface("10.0.0.5/24"), "lan"),
        Face("tun0", IPv4Interface("10.8.0.2/24"), "tunnel"),
    ]
    monkeypatch.setattr(addresses, "faces", lambda: found)
    async with a_board(host=None) as server, plain_client(server) as ada:
        await a_host(ada)
        assert (await ada.ask(type="watch"))["body"]["address"] == "10.0.0.5"
        assert (await ada.ask(type="choose_address", address="10.9.9.9"))["code"] == "not_possible"
        assert "code" not in await ada.ask(type="choose_address", address="10.8.0.2")
        assert (await ada.ask(type="watch"))["body"]["address"] == "10.8.0.2"
        about = json.loads((await request(server.port, get("/room.json"))).partition(b"\r\n\r\n")[2])
    assert about["play"] == f"http://10.8.0.2:{server.port}/play"
    assert list(about["addresses"]) == ["10.0.0.5", "10.8.0.2"], "the likeliest first"
