"""The handshake: who may come in, under which name, and what is said to those who may not.

Pure decisions: a hello and what the room asks for go in; a refusal, if any, comes out.
"""

import hmac
import unicodedata
from collections.abc import Collection

import msgspec

from netlib.protocol.frames import PROTOCOL_VERSION, Hello, Refusal

MAX_NAME = 20  # characters of a player's name
NO_PASSWORD = "this room has a password; ask the host and pass it with --password"
_HIDDEN = ("C", "Zl", "Zp")  # control, format, private, surrogate characters; line and paragraph breaks


class Limits(msgspec.Struct, frozen=True):
    """What one client may ask of a server.

    Args:
        message_size: bytes in one message.
        messages_per_second: sustained rate of messages.
        message_burst: messages at once, such as after a stall of the network.
        handshake_time: seconds from connecting to a valid hello.
        idle_time: seconds of silence after which a connection counts as dead.
        grace_time: seconds that a player who has lost the connection keeps its place.
        refusals: messages that may be refused before the connection is closed; one a second is forgiven.
        max_players: players in the room.
        max_spectators: spectators in the room.
        max_connections: sockets in all, those that have not said hello included.
    """

    message_size: int = 16 * 1024
    messages_per_second: float = 200.0
    message_burst: float = 400.0
    handshake_time: float = 5.0
    idle_time: float = 10.0
    grace_time: float = 30.0
    refusals: int = 100
    max_players: int = 32
    max_spectators: int = 64
    max_connections: int = 512


def judge(hello: Hello, password: str) -> Refusal | None:
    """Why this hello is refused, whoever says it; None when it may come in if there is a place.

    Args:
        password: what the room asks for; empty for nothing.
    """
    if hello.protocol != PROTOCOL_VERSION:
        spoken = f"this server speaks protocol {PROTOCOL_VERSION}, you speak {hello.protocol}"
        return Refusal("protocol", f"{spoken}; install the same version on both sides")
    if password and not hmac.compare_digest(hello.password.encode(errors="replace"), password.encode()):
        wrong = "wrong password; ask the host for it"
        return Refusal("password", wrong if hello.password else NO_PASSWORD)
    if problem := name_problem(hello.name):
        return Refusal("name", problem)
    return None


def no_place(hello: Hello, limits: Limits, others: int) -> Refusal | None:
    """Why a newcomer has no place, or None when there is one.

    Args:
        others: how many are in the room as what it wants to be, player or spectator.
    """
    most = limits.max_spectators if hello.spectator else limits.max_players
    if others < most:
        return None
    return Refusal("full", f"the room is full ({others} of {most}); wait until someone leaves")


def name_problem(name: str) -> str | None:
    """What is wrong with a player's name, or None: 1 to 20 visible characters."""
    if len(name) > MAX_NAME:
        return f"your name has {len(name)} characters; choose one with at most {MAX_NAME}"
    if any(unicodedata.category(char).startswith(_HIDDEN) for char in name):
        return "your name has control characters; choose one that can be shown"
    if not any(char.isprintable() and not char.isspace() for char in name):
        return "your name is empty; choose one with at least one letter"
    return None


def free_name(name: str, taken: Collection[str]) -> str:
    """The name itself, or "Ada 2" when "Ada" is taken; upper and lower case count as the same."""
    name = " ".join(name.split())
    used = {other.casefold() for other in taken}
    number, candidate = 1, name
    while candidate.casefold() in used:
        number += 1
        suffix = f" {number}"
        candidate = name[: MAX_NAME - len(suffix)].rstrip() + suffix
    return candidate
