"""What to say where there is IPv6 and no IPv4. Pure."""

from collections.abc import Iterator

from workshop.bootstrap.typed import command
from workshop.doctor.finding import Finding, ok
from workshop.doctor.lan import fixes
from workshop.doctor.lan.seen import LanSeen, TargetSeen


def only_ipv6(seen: LanSeen) -> Finding:
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


def judge_ipv6(target: TargetSeen) -> Iterator[Finding]:
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
