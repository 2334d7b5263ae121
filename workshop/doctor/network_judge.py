"""What to say about this machine's network with itself. Pure."""

from collections.abc import Iterator, Sequence

import msgspec

from workshop.doctor.finding import Finding, error, ok, warning

SLOW = 0.1  # seconds of a round trip on one machine above which something must be in between
ANOTHER_PORT = "Use another port, for example --port 18765."
RESERVED = {
    "win32": "Hyper-V, Docker or WSL has reserved it: restart the machine, or use another port, for example "
    "--port 18765. The list: netsh int ipv4 show excludedportrange tcp"
}
OURS = ("127.0.0.1", "::1")
HOSTS_FILE = {"win32": r"C:\Windows\System32\drivers\etc\hosts"}  # elsewhere /etc/hosts


class LoopbackSeen(msgspec.Struct, frozen=True):
    """How a WebSocket over 127.0.0.1 went.

    Args:
        rtt: seconds of the shortest round trip; None when it failed.
        error: why it failed.
    """

    rtt: float | None
    error: str = ""


class NameSeen(msgspec.Struct, frozen=True):
    """What the name localhost means here: its addresses, or why it has none."""

    platform: str
    addresses: Sequence[str]
    error: str = ""


class PortSeen(msgspec.Struct, frozen=True):
    """The port that a room opens.

    Args:
        error: why it cannot be opened; "" if it is free.
        room: the name of the workshop's room that has it; "" if none has.
        owner: the program that has it; "" if we cannot see that.
        reserved: the system refuses it, although no program listens there.
    """

    platform: str
    port: int
    error: str = ""
    room: str = ""
    owner: str = ""
    reserved: bool = False


def judge_loopback(seen: LoopbackSeen) -> Iterator[Finding]:
    """What to say about connections within this machine."""
    if seen.rtt is None:
        yield error(
            "loopback",
            f"A program here cannot reach another one on this machine: {seen.error}.",
            "A firewall, a virus scanner or a VPN stops connections to 127.0.0.1: allow them for Python.",
        )
    elif seen.rtt > SLOW:
        text = f"A WebSocket on this machine takes {seen.rtt * 1000:.0f} ms there and back; 1 is usual."
        yield warning("loopback", text, "The machine is busy, or a virus scanner reads along.")
    else:
        yield ok("loopback", f"A WebSocket on this machine: {seen.rtt * 1000:.1f} ms there and back.")


def judge_name(seen: NameSeen) -> Iterator[Finding]:
    """What to say about localhost."""
    file = HOSTS_FILE.get(seen.platform, "/etc/hosts")
    todo = f"As administrator, add this line to {file}: 127.0.0.1 localhost"
    if not seen.addresses:
        yield error("localhost", f"The name localhost is not known here: {seen.error}.", todo)
    elif foreign := [address for address in seen.addresses if address not in OURS]:
        yield error("localhost", f"localhost is {foreign[0]} here, another machine.", todo)
    else:
        yield ok("localhost", f"localhost is {' and '.join(seen.addresses)}.")


def judge_port(seen: PortSeen) -> Iterator[Finding]:
    """What to say about the port of rooms."""
    about = f"port {seen.port}"
    if not seen.error:
        yield ok(about, f"TCP port {seen.port} is free for your server.")
    elif seen.room:
        yield ok(about, f'The workshop\'s room "{seen.room}" is open on port {seen.port}.')
    elif seen.reserved:
        yield warning(
            about,
            f"The system keeps TCP port {seen.port}: {seen.error}.",
            RESERVED.get(seen.platform, ANOTHER_PORT),
        )
    else:
        who = seen.owner or "another program"
        todo = "You need not do anything: run and play take the next free port. Or end that program."
        yield warning(about, f"TCP port {seen.port} is used by {who}.", todo)


def judge_search_ports(ports: Sequence[int], taken: Sequence[int]) -> Iterator[Finding]:
    """What to say about the UDP ports by which rooms are found, of which some are taken."""
    named = f"UDP ports {ports[0]} to {ports[-1]}"
    free = len(ports) - len(taken)
    if not taken:
        yield ok("discovery", f"{named} are free, so a room of yours is found.")
    elif free:
        yield ok("discovery", f"{free} of {named} {'is' if free == 1 else 'are'} free; one is enough.")
    else:
        todo = "End the other rooms on this machine, or tell people your address."
        yield warning("discovery", f"{named} are taken: a room of yours is not found.", todo)
