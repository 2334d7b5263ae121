"""`doctor --lan`: look at the way from this machine to another one, and say what blocks it."""

import asyncio
import socket
import sys
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace
from websockets.exceptions import InvalidURI

from netlib.discovery.discovery import PORTS
from netlib.discovery.interfaces import LOOPBACK
from netlib.protocol.frames import PORT
from netlib.transport.address import read_address
from workshop.doctor.finding import Finding
from workshop.doctor.firewall_probe import look_at_firewall
from workshop.doctor.lan import neighbours as near
from workshop.doctor.lan import probe
from workshop.doctor.lan.judge import judge_lan
from workshop.doctor.lan.packets import MANY_LATE, carry, dial_often
from workshop.doctor.lan.seen import Asked, Face, Heard, LanSeen, Reply, RoomHere, TargetSeen, Told
from workshop.errors import WorkshopError

USUAL_PORTS = range(PORT, PORT + 4)  # TCP: where a second or third server on one machine opens
HERE_SECONDS = 0.3  # that a room on this machine may take to answer over UDP
# Several ports count as the first of these that any of them gave: only if all refuse is nothing there.
STRONGEST_FIRST: Sequence[Reply] = ("answers", "denied", "unreachable", "silent", "refused")


async def examine_lan(address: str | None) -> list[Finding]:
    """Look at everything; takes about five seconds, or up to fifteen where packets get lost.

    Args:
        address: of the machine to reach; with None the doctor searches, like `join`.

    Raises:
        WorkshopError: this is not an address.
    """
    return list(judge_lan(await look_at_lan(address)))


async def look_at_lan(address: str | None) -> LanSeen:
    """Collect what `examine_lan` judges."""
    place = await asyncio.to_thread(place_of, address) if address is not None else None
    faces = await asyncio.to_thread(probe.faces)
    asked, here, firewall, target = await asyncio.gather(
        asyncio.gather(*(asyncio.to_thread(probe.ask_all, face, PORTS) for face in faces if face.broadcast)),
        asyncio.to_thread(rooms_here, [face.ip for face in faces]),
        asyncio.to_thread(look_at_firewall),
        _look_at(place),
    )
    if target is None:
        target = await _look_at(_first_of(asked, faces))
    ipv6 = await asyncio.to_thread(probe.ipv6)
    return LanSeen(sys.platform, faces, asked, here, target, firewall, ipv6)


def place_of(address: str) -> tuple[str, int]:
    """The address, of IPv4 if there is one, and the port that the user means.

    Raises:
        WorkshopError: there is no machine of that name.
    """
    try:
        uri = read_address(address)
        found = socket.getaddrinfo(uri.host, uri.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, InvalidURI) as error:
        raise WorkshopError(f"{address!r} is not an address here; try 192.168.1.5.") from error
    best = min(found, key=lambda each: each[0] != socket.AF_INET)
    host, _ = socket.getnameinfo(best[4], socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)  # with its %eth0
    return host, uri.port


def _first_of(asked: Sequence[Asked], faces: Sequence[Face]) -> tuple[str, int] | None:
    """The first room that has answered and is not on this machine."""
    ours = {face.ip for face in faces}
    rooms = [room for answers in asked for room in answers.rooms if room.host not in ours]
    return (rooms[0].host, rooms[0].port) if rooms else None


def rooms_here(addresses: Sequence[str], ports: Iterable[int] = USUAL_PORTS) -> list[RoomHere]:
    """What listens on this machine: on the ports of rooms, and on those that rooms here announce over UDP.

    Args:
        addresses: those by which others reach this machine.
    """
    told = [room.port for port in PORTS for room in probe.ask_one(LOOPBACK, port, HERE_SECONDS)[1]]
    found = [port for port in dict.fromkeys([*ports, *told]) if probe.is_open(LOOPBACK, port)]
    return [RoomHere(port, probe.room_at(LOOPBACK, port), _alone(addresses, port)) for port in found]


def _alone(addresses: Sequence[str], port: int) -> bool:
    return bool(addresses) and not any(probe.is_open(address, port) for address in addresses)


async def _look_at(place: tuple[str, int] | None) -> TargetSeen | None:
    if place is None:
        return None
    host, port = place
    if ":" in host:
        return await asyncio.to_thread(_over_ipv6, host, port)
    before = await asyncio.to_thread(near.before, host)
    seen = await _ask_and_knock(host, port)
    if seen.room and seen.tcp in ("answers", "silent"):
        return await asyncio.to_thread(_load, seen)
    if before and seen.tcp == seen.udp == "silent" and seen.ping != "found":
        return replace(seen, neighbour=await asyncio.to_thread(near.look_again, host, before))
    return replace(seen, neighbour=near.neighbour(host))


def _over_ipv6(host: str, port: int) -> TargetSeen:
    """What TCP tells; searches are of IPv4 alone."""
    tcp = probe.knock(host, port)
    return TargetSeen(host, port, tcp, probe.room_at(host, port) if tcp == "answers" else "")


async def _ask_and_knock(host: str, port: int) -> TargetSeen:
    router = await asyncio.to_thread(near.router)
    (tcp, udp, heard), ping, _ = await asyncio.gather(
        _try_ports(host, port),
        asyncio.to_thread(near.ping, host),
        asyncio.to_thread(probe.nudge, router or LOOPBACK),
    )
    seen = TargetSeen(host, port, tcp[port], udp=udp, heard=heard, ping=ping, source=probe.source_of(host))
    rooms, told = await asyncio.to_thread(_pages, host, [each for each in tcp if tcp[each] == "answers"])
    # Both, since where packets get lost, only one of the two may have come.
    names = {room.port: room.name for room in [*heard, *rooms]}
    return replace(
        seen,
        router=near.neighbour(router) if router else "unknown",
        room=names.get(port, ""),
        others=[Heard(name, host, at) for at, name in names.items() if at != port and tcp[at] == "answers"],
        told=told,
    )


def _load(seen: TargetSeen) -> TargetSeen:
    """Try how the way to a room bears many packets, and, if it bears those, large ones."""
    replies = dial_often(seen.host, seen.port)
    late = replies.count("silent")
    carried = carry(seen.host, seen.port) if late < MANY_LATE else None
    return replace(seen, tcp="answers" if "answers" in replies else seen.tcp, late=late, carried=carried)


async def _try_ports(host: str, port: int) -> tuple[dict[int, Reply], Reply, list[Heard]]:
    """The reply of each TCP port, that of the UDP ports, and the rooms that have answered there."""
    asking = asyncio.gather(*(asyncio.to_thread(probe.ask_one, host, each) for each in PORTS))
    answers, tcp = await asyncio.gather(asking, _knock(host, {port, *USUAL_PORTS}))
    udp = min((reply for reply, _ in answers), key=STRONGEST_FIRST.index)
    heard = [room for _, rooms in answers for room in rooms]
    return tcp | await _knock(host, {room.port for room in heard} - tcp.keys()), udp, heard


def _pages(host: str, ports: Iterable[int]) -> tuple[list[Heard], Told | None]:
    """The rooms on these ports of a host, and what a stand-in there says of us."""
    rooms, told = list[Heard](), None
    for port in ports:
        if name := probe.room_at(host, port):
            rooms.append(Heard(name, host, port))
        told = told or probe.told_at(host, port)
    return rooms, told


async def _knock(host: str, ports: Collection[int]) -> dict[int, Reply]:
    replies = await asyncio.gather(*(asyncio.to_thread(probe.knock, host, port) for port in ports))
    return dict(zip(ports, replies, strict=True))
