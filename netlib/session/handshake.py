"""The handshake: who may come in, and what is said to those who may not.

Pure decisions: a hello and what the room asks for go in; a refusal, if any, comes out.
"""

import hmac

import msgspec

from netlib.arguments import Count, Positive, Seconds, check_fields
from netlib.errors import WrongArgument
from netlib.protocol.frames import PROTOCOL_VERSION, Hello, Refusal
from netlib.session.names import name_problem

NO_PASSWORD = "this room has a password; ask the host and pass it with --password"


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
        max_connections: sockets in all, those that have not said hello included. Beyond it the oldest
            without a hello gives way, of the address that has most of them.
        handshakes_per_second: sustained rate of WebSockets that one address may open.
        handshake_burst: WebSockets that it may open at once, such as a class behind one router.
        soft_backlog: bytes that may wait for one player; `Peer.drain` waits until there are fewer.
        max_backlog: bytes of messages that may wait for one player, for the network or a confirmation;
            beyond it the stay ends. One message may have as many.
        max_total_backlog: bytes of messages that may wait for all players together; beyond it the stay
            ends of the one for whom most waits.

    Raises:
        WrongArgument: one is no number, or below 0; or there may be more players than connections.
    """

    message_size: Count = 16 * 1024
    messages_per_second: Positive = 200.0
    message_burst: Positive = 400.0
    handshake_time: Positive = 5.0
    idle_time: Positive = 10.0
    grace_time: Seconds = 30.0
    refusals: Count = 100
    max_players: Count = 32
    max_spectators: Count = 64
    max_connections: Count = 512
    handshakes_per_second: Positive = 50.0
    handshake_burst: Positive = 500.0
    soft_backlog: Count = 1024 * 1024
    max_backlog: Count = 32 * 1024 * 1024
    max_total_backlog: Count = 512 * 1024 * 1024

    def __post_init__(self) -> None:
        check_fields(self)
        if self.max_players > self.max_connections:
            most = f"it must be at most max_connections, which is {self.max_connections}"
            raise WrongArgument(f"max_players is {self.max_players}; {most}")


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
