"""Whether a room that can be joined by its address is also found without one. Pure."""

from collections.abc import Iterator

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, ok, warning
from workshop.doctor.lan import fixes
from workshop.doctor.lan.seen import Asked, LanSeen, TargetSeen


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
        why, todo = _taken(taken[0]), fixes.on(fixes.NO_VPN, seen.platform)
    else:
        why = "the Wi-Fi, or a VPN beside it, likely drops what is sent to everybody."
        todo = ["In the router's settings: multicast and broadcast filter (or: broadcast control) off."]
    return _search(f"{text}: {why}", target, todo)


def _taken(asked: Asked) -> str:
    return f"what goes to everybody on {asked.face.name} leaves through another interface ({asked.source})."


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
