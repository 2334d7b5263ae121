"""The board's side of the wire: what only a host may want."""

from typing import Any

import pytest

from tests.support.board import a_board, a_host
from tests.support.rooms import plain_client

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
