"""The host's bots: as many as the host wants."""

import pytest

import netlib
from netlib.errors import RequestFailed
from tests.support.board import PASSWORD, a_board
from tests.support.processes import wait_until_async
from tests.support.rooms import url


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
