"""The network in memory: the real server and clients on it, faults, and what a test can rely on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

import netlib
from netlib import testing
from tests.support.callers import Chat
from tests.support.sessions import an_echo as a_room
from tests.support.sessions import within

BAD = netlib.LinkConditions(latency=0.1, jitter=0.03, loss=0.1)
IDLE = netlib.Limits().idle_time


@contextlib.asynccontextmanager
async def a_network() -> AsyncIterator[testing.Network]:
    """Give a network with such a room on it."""
    async with testing.Network() as network:
        await a_room(network)
        yield network


@testing.in_virtual_time
async def test_a_room_in_memory() -> None:
    """Clients join by any host name, chat, and are gone at the end; the server stops."""
    async with testing.Network() as network:
        server = await a_room(network)
        ada = await network.join(messages=[Chat])
        url = f"ws://any.host.example:{server.port}"
        async with netlib.connect(url, name="Bob", messages=[Chat], network=network) as bob:
            bob.send(Chat("hi"))
            assert await testing.message(ada, Chat) == await testing.message(bob, Chat) == Chat("hi")
            assert [peer.name for peer in server.peers] == ["Ada", "Bob"]
    assert not ada.connected and not server.peers and network.lines == []


@within(testing.Network)
async def test_the_room_to_join_can_be_chosen(network: testing.Network) -> None:
    """Without a word the newest room is joined; any other can be."""
    first = await network.serve(name="first")
    await network.serve(name="second")
    assert (await network.join("Ada")).room == "second"
    assert (await network.join("Bob", room=first)).room == "first"


@within(testing.Network)
async def test_no_room_yet(network: testing.Network) -> None:
    """Joining before there is a room says what to do."""
    with pytest.raises(ValueError, match=r"network\.serve"):
        await network.join()


@within(testing.Network)
async def test_without_conditions_nothing_takes_time(network: testing.Network) -> None:
    """Connecting, joining and a round trip over a perfect network take a few milliseconds at most."""
    server = await a_room(network)
    client = await network.join(messages=[Chat])
    client.send(Chat("hi"))
    await testing.message(client, Chat)
    assert server.time < 0.005


async def trace(seed: int) -> list[tuple[float, str, str]]:
    """Play for 20 s over a bad link with a cut in it; return who got what, and when."""
    noted: list[tuple[float, str, str]] = []

    def note(name: str) -> Callable[[Any], None]:
        return lambda happened: noted.append((netlib.clock(), name, repr(happened)))

    async with testing.Network() as network:
        server = await a_room(network, seed=seed)
        for number, name in enumerate(["Ada", "Bob"]):
            client = await network.join(name, link=BAD, seed=seed + number)
            client.on(Chat, note(name))
            client.on(netlib.StateChanged, note(name))
            for after in range(20):
                asyncio.get_running_loop().call_later(after, client.send, Chat(f"{name} {after}"))
        asyncio.get_running_loop().call_later(7, network.cut)
        await testing.ticks(server, 600)
        assert server.metrics.resumed == 2
    return noted


def test_the_same_seed_gives_the_same_trace() -> None:
    """Two runs are equal in what arrives and when, to the last digit; another seed gives another one."""
    first, again, other = testing.run(trace(1)), testing.run(trace(1)), testing.run(trace(2))
    assert len(first) > 1000
    assert first == again != other


@within(a_network)
async def test_a_pulled_cable_is_found(network: testing.Network) -> None:
    """Nothing is told; both sides find out by their keepalive, within the idle time and a little."""
    await network.join()
    await asyncio.sleep(3)
    pulled = netlib.clock()
    network.pull()
    await testing.until(lambda: not network.lines, "both sides give up", timeout=60)
    assert IDLE <= netlib.clock() - pulled <= 1.3 * IDLE


@within(a_network)
async def test_a_short_outage_is_survived(network: testing.Network) -> None:
    """A cable that is plugged in again before anybody gave up loses nothing."""
    ada = await network.join("Ada", messages=[Chat])
    network.pull()
    ada.send(Chat("into the dark"))
    await asyncio.sleep(IDLE / 2)
    assert not [event for event in ada.poll() if isinstance(event, Chat)]
    network.plug()
    assert await testing.message(ada, Chat) == Chat("into the dark")
    assert ada.connected


@within(a_network)
async def test_nobody_connects_through_a_pulled_cable(network: testing.Network) -> None:
    """Connecting takes until the cable is plugged in, or the client gives up."""
    network.pull()
    with pytest.raises(netlib.Unreachable, match="did not answer within 5 s"):
        await network.join("Ada")
    joining = asyncio.create_task(network.join("Bob"))
    await asyncio.sleep(2)
    network.plug()
    assert (await joining).connected
    assert (await network.join("Cid")).connected


@within(a_network)
async def test_refusing_for_a_while(network: testing.Network) -> None:
    """New connections are refused like those to a closed port; open ones stay."""
    ada, spare = await network.join("Ada"), network.new_cable()
    network.refuse()
    for cable in (None, spare):
        with pytest.raises(netlib.Unreachable, match="nothing is listening"):
            await network.join("Bob", cable=cable)
    network.accept()
    for cable in (None, spare):
        assert (await network.join("Bob", cable=cable)).connected and ada.connected


@within(a_network)
async def test_all_lines_are_cut(network: testing.Network) -> None:
    """A cut of the network ends every connection."""
    for name in ("Ada", "Bob"):
        await network.join(name)
    lines = network.lines
    network.cut()
    await asyncio.sleep(0)
    assert len(lines) == 2 and not any(line.is_open for line in lines)


@within(a_network)
async def test_one_cable_of_several(network: testing.Network) -> None:
    """What happens to the cable of one client does not happen to the others."""
    ada, bob = await network.join("Ada"), await network.join("Bob")
    (line,) = network.cable(ada).lines
    network.cable(ada).refuse()
    network.cable(ada).cut()
    await asyncio.sleep(1)
    assert not line.is_open and not ada.connected
    assert bob.connected and network.lines == network.cable(bob).lines


@within(a_network)
async def test_a_cable_outlives_its_connections(network: testing.Network) -> None:
    """A client that comes back has a new connection on its cable, even while its old one is still open."""
    cable = network.new_cable()
    ada = await network.join("Ada", cable=cable)
    (old,) = cable.lines
    old.pull()
    await ada.close()
    await asyncio.sleep(2)
    await ada.open()
    before, newest = cable.lines
    assert before is old and cable.carried(to="client") == newest.carried("client") > 100


@within(a_network)
async def test_one_pulled_cable_keeps_one_out(network: testing.Network) -> None:
    """A client that is pulled out cannot come back before it is plugged in; others can come."""
    cable = network.new_cable()
    cable.pull()
    with pytest.raises(netlib.Unreachable, match="did not answer"):
        await network.join("Ada", cable=cable)
    assert (await network.join("Bob")).connected
    cable.plug()
    assert (await network.join("Ada", cable=cable)).connected


@within(testing.Network)
async def test_a_welcome_is_lost_at_any_byte(network: testing.Network) -> None:
    """Cut at each byte of the server's first words, joining works or fails with an error of ours."""
    await network.serve(limits=netlib.Limits(max_players=1000, max_connections=1000))
    size = network.cable(await network.join("Ada")).carried(to="client")
    for count in range(size):
        cable = network.new_cable()
        cable.cut_after(count, to="client")
        with contextlib.suppress(netlib.ConnectError, netlib.ConnectionLost):
            client = await network.join("Bob", cable=cable)
            await client.close()
    assert (await network.join("Eve")).connected


@within(testing.Network)
async def test_a_client_that_does_not_read_holds_up_nobody(network: testing.Network) -> None:
    """The server's buffer for a client that hangs stays small, and the others get their snapshots."""
    server = await a_room(network)
    ada, bob = await network.join("Ada"), await network.join("Bob")
    network.cable(ada).stall("client")
    before = bob.tick
    await testing.ticks(server, 90)
    assert bob.tick >= before + 89
    assert ada.tick < bob.tick - 80
    network.cable(ada).go_on("client")
    await testing.snapshot(ada, tick=server.tick)


@within(testing.Network)
async def test_a_cancelled_connect_leaves_nothing(network: testing.Network) -> None:
    """A client that gives up at the moment of connecting leaves no connection behind."""
    server = await a_room(network)
    for turns in range(12):
        joining = asyncio.create_task(network.join("Ada"))
        for _ in range(turns):
            await asyncio.sleep(0)
        joining.cancel()
        await asyncio.wait([joining])
        if not joining.cancelled():
            await joining.result().close()
        await asyncio.sleep(2)
        assert network.lines == [] and server.peers == []


def test_the_public_names_are_these() -> None:
    """What a test may import; each says what it is."""
    assert set(testing.__all__) == {
        "in_virtual_time", "run", "Network", "Cable", "message", "snapshot", "ticks", "until",
        "NotInTime", "Stuck", "TooLong", "RealSocket",
    }  # fmt: skip
    assert all(getattr(testing, name).__doc__ for name in testing.__all__)
