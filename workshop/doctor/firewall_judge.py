"""What to say about firewalls: players need an opening only to host, not to join. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from netlib.discovery.discovery import PORTS
from netlib.protocol.frames import PORT
from workshop.doctor.finding import Finding, ok, warning

ASKS_FOR_THE_NETWORK = (15,)  # macOS, from this version on
OPEN = {
    "ufw": f"sudo ufw allow {PORT}/tcp && sudo ufw allow {PORTS[0]}:{PORTS[-1]}/udp",
    "firewalld": f"sudo firewall-cmd --add-port={PORT}/tcp --add-port={PORTS[0]}-{PORTS[-1]}/udp",
}


class FirewallSeen(msgspec.Struct, frozen=True):
    """What was seen.

    Args:
        version: the numbers of the system's version.
        active: names of firewalls that are on, as far as we can see that.
    """

    platform: str
    version: Sequence[int] = ()
    active: Sequence[str] = ()


def judge_firewall(seen: FirewallSeen) -> Iterator[Finding]:
    """What to say about firewalls."""
    if seen.platform == "win32":
        yield _windows()
    elif seen.platform == "darwin":
        yield from _mac(seen)
    elif seen.active:
        yield _linux(seen.active)
    else:
        yield ok("firewall", "No firewall is seen here.")


def _windows() -> Finding:
    return ok(
        "firewall",
        "Windows asks, once, when you start a server.",
        "Tick private networks and allow. If you clicked it away: Windows Security, Firewall, Allow an app, "
        "Python. On a network that Windows calls public, others cannot reach you.",
    )


def _mac(seen: FirewallSeen) -> Iterator[Finding]:
    if tuple(seen.version) >= ASKS_FOR_THE_NETWORK:
        yield ok(
            "local network",
            "macOS asks whether your terminal may find devices on the local network.",
            "Allow it, or no room is found. If you did not: System Settings, Privacy & Security, "
            "Local Network.",
        )
    if seen.active:
        yield warning(
            "firewall",
            "The firewall of macOS is on: when you start a server, it asks about incoming connections.",
            "Allow them. If you did not: System Settings, Network, Firewall, Options, Python.",
        )
    else:
        yield ok("firewall", "The firewall of macOS is off.")


def _linux(active: Sequence[str]) -> Finding:
    commands = "; ".join(OPEN[name] for name in active if name in OPEN)
    return warning(
        "firewall",
        f"{' and '.join(active)} is on: you can join every room, but others cannot join yours.",
        f"Only if you want to host: {commands}",
    )
