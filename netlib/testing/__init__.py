"""For tests of network games: a network in memory, faults, and time that nobody waits for.

::

    @testing.in_virtual_time
    async def test_chat_survives_a_bad_link() -> None:
        async with testing.Network() as network:
            server = await network.serve(make_server, seed=5)
            ada = await network.join("Ada", messages=[Chat], link=netlib.LinkConditions(latency=0.3))
            bob = await network.join("Bob", messages=[Chat])
            ada.send(Chat("hi"))
            assert (await testing.message(bob, Chat)).text == "hi"

The server and the clients are the real ones; only what carries their bytes is not, and the clock.
Nothing sleeps, so an hour of play may take a minute; the same test with the same seeds does the
same, at the same times.
"""

from netlib.testing.cable import Cable
from netlib.testing.network import Network
from netlib.testing.virtual_time import RealSocket, Stuck, TooLong, in_virtual_time, run
from netlib.testing.waits import NotInTime, message, snapshot, ticks, until

__all__ = [  # noqa: RUF022 - grouped by purpose
    # Time
    "in_virtual_time",
    "run",
    # A network, and its faults
    "Network",
    "Cable",
    # Waiting, with a deadline
    "message",
    "snapshot",
    "ticks",
    "until",
    # What fails a test
    "NotInTime",
    "Stuck",
    "TooLong",
    "RealSocket",
]
