"""The host's bots: as many as the host wants."""

import asyncio

import pytest

import netlib
from netlib.errors import RequestFailed
from tests.support.board import PASSWORD, a_board
from tests.support.processes import TIMEOUT, wait_until_async
from tests.support.rooms import plain_client, url
from workshop.game.play.bot_client import Troop


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


async def test_bots_say_that_they_are_bots() -> None:
    """The table tells bots from people, and a player who says nothing is one of the people."""
    async with a_board() as server, plain_client(server) as ada:
        bots = asyncio.create_task(Troop(url(server), 2).play())
        kinds: list[str] = []
        async with asyncio.timeout(TIMEOUT):
            while kinds != ["bot", "bot", "player"]:
                kinds = sorted(row["kind"] for row in (await ada.ask(type="watch"))["body"]["rows"])
        bots.cancel()
        await asyncio.gather(bots, return_exceptions=True)
