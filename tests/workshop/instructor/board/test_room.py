"""The board's side of the wire: what only a host may want."""

import json
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

import pytest

import netlib
from netlib.client.dial import NOBODY
from netlib.discovery.interfaces import Face
from tests.support.board import SEED, a_board, a_host, a_server
from tests.support.rooms import plain_client, request
from tests.workshop.instructor.board.test_pages import get
from workshop.game.rules.maps import make_map
from workshop.instructor.board import addresses
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.opening import open_room
from workshop.steps import all_steps

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


async def test_the_address_of_the_start_can_be_chosen_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that only a router knows, as given on the command line, stays a choice after another was taken."""
    monkeypatch.setattr(addresses, "faces", lambda: [Face("wlan0", IPv4Interface("10.0.0.5/24"), "lan")])
    server = a_server(host=None)
    room = open_room(
        server,
        make_map(SEED),
        class_file=None,
        password="",
        witness=NOBODY,
        warn=pytest.fail,
        addresses=Addresses(server, "room.example"),
    )
    async with room, plain_client(server) as ada:
        await a_host(ada)
        for address in ("10.0.0.5", "room.example"):
            assert "code" not in await ada.ask(type="choose_address", address=address)
            assert (await ada.ask(type="watch"))["body"]["address"] == address
        about = json.loads((await request(server.port, get("/room.json"))).partition(b"\r\n\r\n")[2])
    assert list(about["addresses"]) == ["10.0.0.5", "room.example"]


async def test_the_board_outlives_a_restart(tmp_path: Path) -> None:
    """The word, its signature, the step, the countdown and the number of people are in the class file."""
    orders: list[dict[str, Any]] = [
        {"do": "say", "text": "Back at ten"},
        {"do": "countdown", "number": 600},
        {"do": "step", "text": all_steps()[3].id},
        {"do": "expect", "number": 12},
    ]
    async with a_board(class_file=tmp_path / "class.db") as first, plain_client(first, hello="Kim") as kim:
        await a_host(kim)
        for order in orders:
            assert "code" not in await kim.ask(type="board_order", **order)
        before = (await kim.ask(type="watch"))["body"]["screen"]
    async with a_board(class_file=tmp_path / "class.db") as second, plain_client(second) as ada:
        after = (await ada.ask(type="watch"))["body"]["screen"]
    assert (after["word"], after["by"], after["expected"]) == ("Back at ten", "Kim", 12)
    assert after["step"] == before["step"] and 0 < after["countdown"] <= before["countdown"]


@pytest.mark.parametrize(("seats", "expected"), [(12, 12), (32, 24)])
async def test_how_many_people_a_board_waits_for(seats: int, expected: int) -> None:
    """Until the host has said it, a usual class, and never more than there are seats."""
    limits = netlib.Limits(max_players=seats)
    async with a_board(limits=limits) as server, plain_client(server) as ada:
        assert (await ada.ask(type="watch"))["body"]["screen"]["expected"] == expected
