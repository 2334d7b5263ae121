"""The one machine of a network in memory: its ports, who has them, and whether by TLS."""

import ssl

import pytest

import netlib
from netlib import testing
from netlib.testing.pipe import SIDES, Side
from tests.support.sessions import an_echo as a_room
from tests.support.sessions import within


@within(testing.Network)
async def test_errors_are_the_real_ones(network: testing.Network) -> None:
    """Nobody listens there; the port is taken; the room refuses: the same errors as over TCP."""
    server = await a_room(network, password="open")
    with pytest.raises(netlib.Unreachable, match="nothing is listening at"):
        await netlib.connect("ws://localhost:1", network=network)
    with pytest.raises(netlib.PortInUse, match=str(server.port)):
        await network.serve(name="another", port=server.port)
    with pytest.raises(netlib.WrongPassword):
        await network.join("Eve")
    another = await network.serve(name="another", port=server.port, next_port=True)
    assert another.port == server.port + 1
    await server.stop()
    assert (await network.serve(name="again", port=server.port)).port == server.port
    free = await network.serve(name="free")
    taken = await network.serve(name="taken", port=free.port + 1)
    assert (await network.serve(name="last")).port not in (free.port, taken.port)


@pytest.mark.parametrize("secure", SIDES)
@testing.in_virtual_time
async def test_tls_is_a_label(secure: Side) -> None:
    """A client that asks for TLS reaches a server with it; one that does not ask, does not."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with testing.Network() as network:
        server = await a_room(network, ssl=tls if secure == "server" else None)
        scheme = "wss" if secure == "client" else "ws"
        with pytest.raises(netlib.NotOurServer, match="TLS"):
            await netlib.connect(f"{scheme}://localhost:{server.port}", network=network)
        if secure == "server":
            async with netlib.connect(f"wss://localhost:{server.port}", network=network) as client:
                assert client.connected
