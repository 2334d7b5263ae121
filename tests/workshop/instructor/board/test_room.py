"""The board's side of the wire: what only a host may want."""

import time
from typing import Any

import pytest

from tests.support.board import SEED, a_board, a_host
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, plain_client
from workshop.game.rules.maps import make_map
from workshop.instructor.board import room
from workshop.instructor.board.room import Board
from workshop.instructor.classroom.register import Register
from workshop.instructor.classroom.registrar import Registrar

ORDERS: list[dict[str, Any]] = [
    {"type": "order", "do": "restart"},
    {"type": "order", "do": "rename", "player": 1, "text": "Zoe"},
    {"type": "board_order", "do": "say", "text": "hello"},
    {"type": "board_order", "do": "countdown", "number": 60},
    {"type": "class_order", "do": "lower", "nickname": "Ada"},
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


async def test_the_class_takes_no_orders_for_strangers() -> None:
    """What cannot be done for somebody unknown is answered with a reason."""
    async with a_board() as server, plain_client(server) as ada:
        await a_host(ada)
        for do in ("agree", "forget", "lower"):
            assert (await ada.ask(type="class_order", do=do, nickname="Nobody"))["message"]


async def test_the_terminal_tells_each_claim_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop that wants a taken place is one line in the host's terminal, however long it waits."""
    monkeypatch.setattr(room, "SECONDS", 0.01)
    register, told = Register([]), list[str]()
    server = a_room()
    board = Board(server, make_map(SEED), Registrar(server, register), tell=told.append)
    async with server, board:
        now = time.time()
        for nickname, token in [("Ada", "a" * 20), ("Ben", "b" * 20), ("ada", "c" * 20)]:
            register.join(nickname, token, now)
        await wait_until_async(lambda: told, "the line")
        register.join("ben", "d" * 20, now)
        await wait_until_async(lambda: len(told) > 1, "another line")
    assert [line.split()[0] for line in told] == ['"Ada"', '"Ben"']
