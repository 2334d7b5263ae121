"""What to say if a search has found no room. Pure."""

from collections.abc import Iterator

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, error
from workshop.doctor.lan import fixes
from workshop.doctor.lan.seen import Asked, LanSeen


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
    name = next((face.name for face in seen.faces if face.ip == asked.source), "another interface")
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
