"""What to say about searches: why one has found no room, or not the one that can be joined. Pure."""

from collections.abc import Iterator

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, error, ok, warning
from workshop.doctor.lan import fixes
from workshop.doctor.lan.seen import Asked, LanSeen, TargetSeen


def judge_search(seen: LanSeen) -> Iterator[Finding]:
    """What to say if no other machine has answered."""
    taken = [asked for asked in seen.asked if asked.source and asked.source != asked.face.ip]
    replies = {asked.reply for asked in seen.asked}
    if taken:
        yield from (_taken(seen, asked) for asked in taken)
    elif replies == {"denied"}:
        yield denied(seen, "every question before it left")
    elif replies == {"unreachable"} and seen.platform == "darwin":
        yield local_network("any machine here")
    elif seen.faces and not seen.here:
        yield _nobody(seen)


def _taken(seen: LanSeen, asked: Asked) -> Finding:
    name = seen.named(asked.source, "another interface")
    todo = fixes.on(fixes.NO_VPN, seen.platform) + fixes.on(fixes.ONE_INTERFACE, seen.platform)
    return error(
        "VPN",
        f"The question to everybody in the network of {asked.face.name} left through {name} "
        f"({asked.source}): a VPN, or another interface with a better route, takes it.",
        *todo,
    )


def denied(seen: LanSeen, what: str) -> Finding:
    """This machine itself blocks what we send."""
    return error(
        "firewall here",
        f"This machine refused to send {what}: its own firewall, or a virus scanner, keeps Python from the "
        "network.",
        *fixes.on(fixes.LET_OUT, seen.platform),
    )


def local_network(whom: str) -> Finding:
    """macOS keeps a program from the local network until the user allows it."""
    return error(
        "local network",
        f"macOS says that there is no way to {whom}: it says so when a program may not use the local "
        "network, even while the internet works.",
        fixes.LOCAL_NETWORK,
    )


def _nobody(seen: LanSeen) -> Finding:
    several = len([face for face in seen.faces if face.broadcast]) > 1
    more = " It is on several networks: is the room on one of these?" if several else ""
    todo = [
        f"Ask for the room's address, and check the way there: {command('doctor', '--lan', '192.168.1.5')}",
        f"Without a room, type on the other machine: {command('doctor', '--lan', '--serve')}",
    ]
    text = f"No room answered this machine.{more} Without an address the doctor cannot tell why."
    return error("rooms", text, *todo)


def judge_udp(seen: LanSeen, target: TargetSeen) -> Iterator[Finding]:
    """Whether the room is found without its address, and if not, why."""
    if any(room.host == target.host for asked in seen.asked for room in asked.rooms):
        yield ok("search", "A search finds it, too, without its address.")
    elif target.udp == "answers":
        yield _only_alone(seen, target)
    elif target.udp == "refused":
        yield _not_announced(target)
    else:
        yield _blocked(seen, target)


def _only_alone(seen: LanSeen, target: TargetSeen) -> Finding:
    """It answers a question to itself, but not one to all machines."""
    text = f"{target.host} answers over UDP when it is asked alone, but not when everybody is asked"
    home = seen.home_of(target.host)
    taken = [asked for asked in seen.asked if asked.face in home and asked.source != asked.face.ip]
    if not home:
        why, todo = "it is in another network, where such questions do not reach.", [fixes.SAME_WIFI]
    elif taken:
        away = f"what goes to everybody on {taken[0].face.name} leaves through another interface"
        why, todo = f"{away} ({taken[0].source}).", fixes.on(fixes.NO_VPN, seen.platform)
    else:
        why = "the Wi-Fi, or a VPN beside it, likely drops what is sent to everybody."
        todo = ["In the router's settings: multicast and broadcast filter (or: broadcast control) off."]
    return _search(f"{text}: {why}", target, todo)


def _not_announced(target: TargetSeen) -> Finding:
    text = (
        f"{target.host} lets UDP in, but nothing there answers searches: the server was started without "
        "discovery, or it found none of its UDP ports free."
    )
    return _search(text, target, [f"On that machine: {command('doctor')} tells which UDP ports are taken."])


def _blocked(seen: LanSeen, target: TargetSeen) -> Finding:
    """TCP goes through and UDP does not; the other side may know where it is blocked."""
    tcp_is_fine = f"TCP goes through to {target.where}, and UDP {fixes.UDP_PORTS} does not"
    told = target.told
    if target.udp == "denied":
        text = f"{tcp_is_fine}: this machine refuses to send it, so its own firewall stops it."
        return _search(text, target, fixes.on(fixes.LET_OUT, seen.platform))
    if told is not None and told.questions + told.broadcasts:
        text = f"{tcp_is_fine}: our questions arrive there, but no answer comes back. Likely a firewall here."
        return _search(text, target, fixes.on(fixes.let_in(target.port), seen.platform))
    arrives = " None of our questions arrived, it says." if told is not None else ""
    text = f"{tcp_is_fine}.{arrives} Likely the firewall of that machine lets in only one of the two."
    return _search(text, target, fixes.there(fixes.let_in(target.port), told.platform if told else ""))


def _search(text: str, target: TargetSeen, todo: list[str]) -> Finding:
    type_it = f"Until then type the address: {command('join', target.where)}"
    return warning("UDP", text, type_it, *todo)
