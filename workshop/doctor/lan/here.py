"""What to say about this machine's own networks and its own rooms. Pure."""

from collections.abc import Iterator

from netlib.transport.tcp import host_port
from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, error, ok
from workshop.doctor.firewall_judge import judge_firewall
from workshop.doctor.lan import fixes
from workshop.doctor.lan.seen import Asked, LanSeen, RoomHere


def judge_faces(seen: LanSeen) -> Iterator[Finding]:
    """What we asked on each interface, and the answer."""
    if not seen.faces:
        todo = "Join the Wi-Fi of the room, or plug in the cable."
        yield _only_ipv6(seen) if seen.ipv6 else error("network", "This machine is on no network.", todo)
    for asked in seen.asked:
        yield ok(asked.face.name, f"{asked.face.address}: {_outcome(asked)}.")
    for face in seen.faces:
        if not face.broadcast:
            yield ok(face.name, f"{face.address}: nobody can be asked there; mostly that is a VPN.")


def _only_ipv6(seen: LanSeen) -> Finding:
    """This machine has addresses, but none that a search could use."""
    joined = seen.target is not None and bool(seen.target.room)
    todo = fixes.on(fixes.IPV4, seen.platform)
    others = [
        f"Type the address of the room's machine, if it has one of this kind: {command('join', '[fd00::1]')}",
        "If others here have no IPv4 either, the network has none: ask who runs it, or use another one.",
        *fixes.on(fixes.HOTSPOT, seen.platform),
    ]
    return Finding(
        "IPv6 only",
        "warning" if joined else "error",
        f"This machine has IPv6 addresses ({', '.join(seen.ipv6)}) and none of IPv4, over which rooms are "
        "searched: likely the network hands out none (DHCP), or IPv4 is switched off here.",
        "\n".join(todo if joined else todo + others),
    )


def _outcome(asked: Asked) -> str:
    everybody = asked.face.broadcast
    if asked.rooms:
        names = ", ".join(f'"{room.name}" at {room.where}' for room in asked.rooms)
        return f"asked {everybody}, and heard {names}"
    if asked.reply == "silent":
        return f"asked {everybody}; nobody answered"
    return f"could not ask {everybody} ({asked.reply})"


def judge_here(seen: LanSeen) -> Iterator[Finding]:
    """What listens on this machine, and whether others can reach it."""
    for room in seen.here:
        yield _alone(room) if room.alone else _open(seen, room)
    if any(not room.alone for room in seen.here):
        yield from judge_firewall(seen.firewall)


def _name(room: RoomHere) -> str:
    return f'"{room.name}"' if room.name else "A program"


def _open(seen: LanSeen, room: RoomHere) -> Finding:
    hosts = [face.ip for face in seen.faces] or seen.ipv6
    addresses = " or ".join(host_port(host, room.port) for host in hosts)
    return ok("room here", f"{_name(room)} is open on this machine, for others at {addresses}.")


def _alone(room: RoomHere) -> Finding:
    return error(
        "loopback",
        f"{_name(room)} on this machine answers on 127.0.0.1:{room.port} and not on the addresses that "
        "others use: it listens on loopback only, so nobody else can join.",
        *fixes.on_every_address(room.port),
    )
