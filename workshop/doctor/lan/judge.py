"""What to say about the way from this machine to another one. Pure.

Reading order: `judge_lan`, `judge_target`, then FAULTS: each looks for one fault, and the first that fits is
named, with what was seen, why it is likely, and what to do.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, error, ok, warning
from workshop.doctor.lan import fixes
from workshop.doctor.lan.here import judge_faces, judge_here
from workshop.doctor.lan.packet_judge import large_packets, packet_loss
from workshop.doctor.lan.search import denied, judge_search, judge_udp, local_network
from workshop.doctor.lan.seen import Heard, LanSeen, TargetSeen

Fault: TypeAlias = Callable[[LanSeen, TargetSeen], Finding | None]

OUTCOMES = {"refused": "it refuses", "silent": "nothing comes back", "unreachable": "there is no way"}


def judge_lan(seen: LanSeen) -> Iterator[Finding]:
    """What to say about the networks of this machine, and about the way to the other one."""
    yield from judge_faces(seen)
    yield from judge_here(seen)
    if seen.target is None:
        yield from judge_search(seen)
    elif seen.faces or ":" in seen.target.host or seen.target.tcp == "answers":
        yield from judge_target(seen, seen.target)


def judge_target(seen: LanSeen, target: TargetSeen) -> Iterator[Finding]:
    """What to say about the way to one machine."""
    if ":" in target.host:
        yield from _judge_ipv6(target)
    elif found := packet_loss(seen, target):
        yield found
    elif target.tcp != "answers":
        yield next(found for fault in FAULTS if (found := fault(seen, target)))
    elif found := large_packets(seen, target):
        yield found
    elif target.room:
        yield ok("connection", f'"{target.room}" answers at {target.where}: you can join it.')
        yield from judge_udp(seen, target)
    else:
        yield _no_room(target)


def _judge_ipv6(target: TargetSeen) -> Iterator[Finding]:
    """What to say about a machine that was reached, or not, by its IPv6 address."""
    if target.room:
        yield ok("connection", f'"{target.room}" answers at {target.where}: you can join it.')
        text = "A search does not find it over IPv6; type the address:"
        yield ok("search", f"{text} {command('join', target.where)}")
        return
    yield Finding(
        "IPv6",
        "warning" if target.tcp == "answers" else "error",
        f"No room answers at {target.where} (TCP: {target.tcp}). Likely the address has changed, as those of "
        "IPv6 do, a firewall there lets only IPv4 in, or the port is wrong.",
        f"On that machine, {command('doctor', '--lan', '--serve')} prints its addresses.",
    )


def _no_room(target: TargetSeen) -> Finding:
    text = f"A program answers at {target.where}, but does not say that it is a room."
    if target.others:
        return _right_port(target.others[0], text)
    return warning(
        "connection",
        f"{text} It is a server of the first steps, which say nothing of the kind, or the port is wrong.",
        "The way between the machines is open. Compare the port with the one that the server has printed.",
    )


def denied_here(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """This machine itself blocks what we send."""
    if target.tcp == "refused" or "denied" not in (target.tcp, target.udp):
        return None
    return denied(seen, f"to {target.host} before anything left it")


def kept_from_here(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """macOS keeps this program from the local network."""
    replies = {target.tcp, target.udp, *(asked.reply for asked in seen.asked)}
    if seen.platform != "darwin" or replies != {"unreachable"}:
        return None
    return local_network(f"{target.host} or to anybody else here, over TCP or UDP")


def other_way(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """A VPN, or a second interface, takes the traffic that should go to the LAN."""
    home = seen.home_of(target.host)
    if target.tcp == "refused" or not home or not target.source:
        return None
    names = " and ".join(face.name for face in home)
    taken = f"{seen.named(target.source, 'another one')} ({target.source})"
    if target.source not in [face.ip for face in home]:
        text = f"{target.host} is in the network of {names}, but what is sent there leaves through {taken}"
        why = "a VPN, or another interface with a better route, takes it."
        todo = fixes.on(fixes.NO_VPN, seen.platform) + fixes.on(fixes.ONE_INTERFACE, seen.platform)
        return error("VPN", f"{text}: {why}", *todo)
    if len(home) > 1:
        text = f"{names} are both in the network of {target.host}; what is sent there leaves through {taken}"
        why = "nothing comes back that way, so the other machine is likely behind the other one."
        todo = fixes.on(fixes.ONE_INTERFACE, seen.platform)
        return error("second interface", f"{text}: {why}", *todo)
    return None


def wrong_port(_: LanSeen, target: TargetSeen) -> Finding | None:
    """The room is on another port."""
    rooms = target.others or ([] if _says_this_port(target) else target.heard)
    if not rooms or _alone(target):
        return None
    return _right_port(rooms[0], f"At {target.where} {OUTCOMES[target.tcp]}.")


def _right_port(room: Heard, text: str) -> Finding:
    return error(
        "wrong port",
        f'{text} But "{room.name}" is open on port {room.port} of that machine; yours is likely wrong.',
        f"Type: {command('join', room.where)}",
    )


def _says_this_port(target: TargetSeen) -> bool:
    return target.port in [room.port for room in target.heard]


def loopback_only(_: LanSeen, target: TargetSeen) -> Finding | None:
    """The server listens only on loopback, so its machine answers and refuses."""
    todo = fixes.on_every_address(target.port)
    if _alone(target):
        text = (
            f"The other machine says that what is open there on port {target.port} listens on loopback only "
            "(127.0.0.1): no other machine can reach it."
        )
        return error("loopback", text, *todo)
    if target.tcp != "refused" or _says_this_port(target):
        return None
    text = (
        f"{target.host} answers, and refuses TCP port {target.port}: nothing there listens for other "
        "machines. Likely the server listens on loopback only (localhost, 127.0.0.1), or it does not run."
    )
    todo.append(f"To be sure, on that machine: {command('doctor', '--lan')}")
    return error("loopback", text, *todo)


def _alone(target: TargetSeen) -> bool:
    """Whether a stand-in there says that this port is open on loopback only."""
    rooms = target.told.rooms if target.told else ()
    return any(room.alone and room.port == target.port for room in rooms)


def closed_firewall(_: LanSeen, target: TargetSeen) -> Finding | None:
    """The machine is there, but does not let a connection in."""
    signs = _signs_of_life(target)
    if not signs:
        return None
    todo = fixes.there(fixes.let_in(target.port), target.told.platform if target.told else "")
    if signs == [BY_HARDWARE]:
        todo.append(f"If that changes nothing, the Wi-Fi itself may drop it. {fixes.NO_ISOLATION}")
    return error(
        "firewall",
        f"{target.host} is there: {' and '.join(signs)}. But no connection to TCP port {target.port} can be "
        f"made ({OUTCOMES[target.tcp]}): likely the firewall of that machine does not let it in.",
        *todo,
    )


BY_HARDWARE = "its hardware address is known (ARP)"


def _signs_of_life(target: TargetSeen) -> list[str]:
    signs = {
        "it answers over UDP": target.udp == "answers" or bool(target.heard),
        "it refused a question over UDP": target.udp == "refused",
        "it answers a ping": target.ping == "found",
        BY_HARDWARE: target.neighbour == "found",
    }
    return [sign for sign, seen in signs.items() if seen]


def another_network(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """The two machines are not in the same network."""
    if seen.home_of(target.host):
        return None
    ours = ", ".join(f"{face.address} on {face.name}" for face in seen.faces) or "none"
    return error(
        "another network",
        f"{target.where} is silent, and {target.host} belongs to none of this machine's networks ({ours}): "
        "one of the two is likely in a guest Wi-Fi, a mobile network or a VPN.",
        fixes.SAME_WIFI,
    )


def isolation(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """As far as this machine can see, no machine has that address: a Wi-Fi may keep its clients apart."""
    if target.neighbour != "missing":
        return None
    router = {"found": ", though the router does", "missing": "", "unknown": ""}[target.router]
    todo = [
        f"Is {target.host} right, and that machine awake? There, {_serve()} prints its addresses.",
        fixes.NO_ISOLATION,
        *fixes.on(fixes.HOTSPOT, seen.platform),
    ]
    return error(
        "Wi-Fi isolation",
        f"{target.host} belongs to this network, but does not even give its hardware address (ARP){router}. "
        "So it is in a Wi-Fi that keeps its clients apart; or nobody has this address now.",
        *todo,
    )


def silence(seen: LanSeen, target: TargetSeen) -> Finding | None:
    """Nothing at all came back, and this machine cannot see why."""
    todo = [
        f"On the other machine type: {_serve()}",
        "If it then says that something reaches it, the way back is closed: look at this machine's firewall. "
        "If not, it is that one's firewall, or the Wi-Fi, which keeps its clients apart.",
        *fixes.there(fixes.let_in(target.port)),
        fixes.NO_ISOLATION,
    ]
    text = f"Nothing came back from {target.host}, neither over TCP nor over UDP: a firewall, or the Wi-Fi."
    if target.neighbour == "remembered":
        text += f" {REMEMBERED}"
        todo.insert(0, f"In a minute that is clear; type again: {command('doctor', '--lan', target.where)}")
    return error("firewall or isolation", text, *todo)


REMEMBERED = (
    "Its hardware address (ARP) is only known from before, which tells nothing of now: the Wi-Fi may keep "
    "its clients apart (isolation), or that machine may have left."
)


def _serve() -> str:
    return command("doctor", "--lan", "--serve")


FAULTS: tuple[Fault, ...] = (
    denied_here,
    kept_from_here,
    other_way,
    wrong_port,
    loopback_only,
    closed_firewall,
    another_network,
    isolation,
    silence,
)
