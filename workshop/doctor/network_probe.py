"""Tries this machine's network with itself, on ports that tests can choose."""

import asyncio
import socket
import sys
from collections.abc import Callable, Sequence
from typing import Any

import netlib
from netlib.discovery.interfaces import answering_socket
from netlib.transport.tcp import listen
from workshop.doctor.lan.probe import room_at
from workshop.doctor.network_judge import LoopbackSeen, NameSeen, PortSeen
from workshop.doctor.port_owner import owner_of
from workshop.processes.running.ports import LOOPBACK, accepts

WEBSOCKET_SECONDS = 8.0  # that a WebSocket on this machine may take
ECHOES = 5


class _Echo(netlib.Message, frozen=True, tag="doctor_echo"):
    """The message that goes there and back."""


async def look_at_loopback(port: int = 0) -> LoopbackSeen:
    """Open a room that nobody finds, join it, and send some messages there and back."""
    try:
        async with asyncio.timeout(WEBSOCKET_SECONDS):
            return LoopbackSeen(await _shortest_echo(port))
    except TimeoutError:
        return LoopbackSeen(None, f"nothing came back within {WEBSOCKET_SECONDS:g} s")
    except (netlib.NetlibError, OSError) as error:
        return LoopbackSeen(None, str(error).rstrip("."))


async def _shortest_echo(port: int) -> float:
    server = netlib.Server("doctor", host="127.0.0.1", port=port, discoverable=False)
    server.on(_Echo, lambda peer, message: peer.send(message))
    async with server:
        url = f"ws://127.0.0.1:{server.port}"
        async with netlib.connect(url, name="doctor", messages=[_Echo]) as client:
            return min([await _echo(client) for _ in range(ECHOES)])


async def _echo(client: netlib.Client) -> float:
    sent = netlib.clock()
    client.send(_Echo())
    async for event in client:
        if isinstance(event, _Echo):
            return netlib.clock() - sent
    raise OSError("the connection ended")


def look_at_name(resolve: Callable[..., Sequence[Any]] = socket.getaddrinfo) -> NameSeen:
    """Look up localhost; ``resolve`` works like `socket.getaddrinfo`."""
    try:
        found = resolve("localhost", None, type=socket.SOCK_STREAM)
    except OSError as error:
        return NameSeen(sys.platform, [], error.strerror or str(error))
    return NameSeen(sys.platform, list(dict.fromkeys(str(address[0]) for *_, address in found)))


def look_at_port(port: int) -> PortSeen:
    """See whether a server could listen there, and which program does."""
    error = _why_not_free(port)
    if not error:
        return PortSeen(sys.platform, port)
    if not accepts(port):
        return PortSeen(sys.platform, port, error, owner=owner_of(port), reserved=True)
    room = next((name for host in LOOPBACK if (name := room_at(host, port))), "")
    return PortSeen(sys.platform, port, error, room=room, owner=owner_of(port))


def _why_not_free(port: int) -> str:
    if accepts(port):
        return "a program listens there"
    try:
        for listener in listen(None, port):
            listener.close()
    except netlib.NetlibError as error:
        return str(error.__cause__ or error)
    return ""


def is_taken(port: int) -> bool:
    """Whether a program has this UDP port."""
    if found := answering_socket("0.0.0.0", [port]):
        found.close()
    return found is None
