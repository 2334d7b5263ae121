"""A cable that one can pull: the newest connection ends without a goodbye."""

import netlib
from tests.support.processes import wait_until_async
from tests.support.rooms import a_room, url
from tests.support.sessions import kinds, noted
from workshop.game.play.cable import BreakableNetwork


async def test_a_cut_is_an_interruption() -> None:
    """The client comes back over a new connection, which can be cut, too; without one nothing happens."""
    cable = BreakableNetwork()
    cable.cut()
    async with a_room() as server, netlib.connect(url(server), network=cable) as client:
        happened = noted(client)
        for times in (1, 2):
            cable.cut()
            await wait_until_async(lambda: len(happened) == 2 * times, "the return")  # noqa: B023
        assert kinds(happened) == ["Interrupted", "Connected"] * 2
        assert (happened[0].code, server.metrics.resumed) == (1006, 2)
