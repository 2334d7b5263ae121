"""What the system knows about a neighbour: its hardware address, the router, an answer to a ping."""

import re
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from workshop.doctor.lan.seen import Neighbour, Sign
from workshop.doctor.port_owner import Ask, ask, text_of

MAC = re.compile(r"\b[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){5}\b", re.IGNORECASE)
PROC_NET = Path("/proc/net")
COMPLETE = 0x2  # a flag in Linux's table of neighbours: the hardware address is known
UNSURE = {"STALE", "DELAY", "PROBE"}  # Linux knows an address from before, and asks for it soon, or now
GONE = {"FAILED", "INCOMPLETE"}
KNOWN = "known"  # where a system does not tell more
CONFIRM_SECONDS = 6.0  # that Linux may still need: it asks after five seconds without an answer, three times
# What tells the router, in any language, and where in the answer it is.
ROUTE = {
    "darwin": (["route", "-n", "get", "default"], r"gateway:\s*(\d+(?:\.\d+){3})"),
    "win32": (["route", "print", "-4", "0.0.0.0"], r"^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+(?:\.\d+){3})\s"),
}
GATEWAY = 0x2  # a flag in Linux's table of routes


def neighbour(host: str, platform: str = sys.platform, ask: Ask = ask, proc: Path = PROC_NET) -> Sign:
    """Whether the hardware address of a host in our network is known.

    Args:
        ask: gives what a command prints.
        proc: where Linux keeps its tables.
    """
    if platform == "linux":
        rows = [line.split() for line in text_of(proc / "arp").splitlines()[1:]]
        flags = next((int(row[2], 16) for row in rows if row and row[0] == host), None)
        # The table also lists hosts that did not answer.
        return "unknown" if flags is None else "found" if flags & COMPLETE else "missing"
    listing = ask(["arp", "-a" if platform == "win32" else "-n", host])  # in any language
    if not listing.strip():
        return "unknown"
    lines = [line for line in listing.splitlines() if host in re.split(r"[\s()]+", line)]
    return "found" if any(MAC.search(line) for line in lines) else "missing"


def before(host: str) -> str:
    """How sure the system is of a neighbour that it knows already: Linux's word, or KNOWN; else ""."""
    return (state(host) or KNOWN) if neighbour(host) == "found" else ""


def state(host: str, platform: str = sys.platform, ask: Ask = ask) -> str:
    """Linux's word for how sure it is of a neighbour; "" elsewhere."""
    words = ask(["ip", "-4", "neigh", "show", host]).split() if platform == "linux" else []
    return words[-1] if words else ""


def look_again(host: str, before: str, state: Callable[[str], str] = state) -> Neighbour:
    """Whether a neighbour that was known, and has been silent since, is there; wait until Linux has asked.

    Args:
        before: what `before` said.
    """
    end = time.monotonic() + CONFIRM_SECONDS
    while (now := state(host)) in UNSURE and time.monotonic() < end:
        time.sleep(0.1)
    if now == "REACHABLE" and before in UNSURE:
        return "found"
    return "missing" if now in GONE else "remembered"


def router(platform: str = sys.platform, ask: Ask = ask, proc: Path = PROC_NET) -> str:
    """The address of the router to all other networks; "" if there is none."""
    if platform == "linux":
        return from_route_table(text_of(proc / "route"))
    question, answer = ROUTE["darwin" if platform == "darwin" else "win32"]
    found = re.search(answer, ask(question), re.MULTILINE)
    return found[1] if found else ""


def from_route_table(table: str) -> str:
    """The router in Linux's ``/proc/net/route``, whose addresses are hexadecimal, last byte first."""
    for line in table.splitlines()[1:]:
        words = line.split()
        if len(words) > 3 and words[1] == "00000000" and int(words[3], 16) & GATEWAY:
            return socket.inet_ntoa(struct.pack("<I", int(words[2], 16)))
    return ""


def ping(host: str, platform: str = sys.platform, ask: Ask = ask) -> Sign:
    """Whether a host answers a ping; unknown where there is no such program."""
    options = {"win32": ["-n", "1", "-w", "2000"], "darwin": ["-c", "1", "-t", "2"]}
    said = ask(["ping", *options.get(platform, ["-c", "1", "-W", "2"]), host])
    if not said.strip():
        return "unknown"
    return "found" if re.search(r"ttl=\d", said, re.IGNORECASE) else "missing"
