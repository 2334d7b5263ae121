"""What crosses the wire between the room and its board."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

import netlib

MAX_BOTS = 200


class Watch(netlib.Message, frozen=True):
    """→ As a request: send a table once a second, until the connection ends."""


class Row(Struct, frozen=True):
    """A player, an attendee, or both.

    Args:
        name: the nickname.
        id: the player's number; 0 if not in the game.
        member: whether an attendee of that name is in the class.
        step: what they work on, such as "06 Authority".
        state: "working", "stuck" or "done"; empty if not in the class.
        words: what they are stuck with.
        since: how long the state has lasted, in words.
        rtt, jitter: in milliseconds; 0 if not known.
        link: what the server's end simulates, in words.
        quality: "good", "fair", "poor" or "away"; empty if not in the game.
    """

    name: str
    id: int = 0
    member: bool = False
    step: str = ""
    state: str = ""
    words: str = ""
    since: str = ""
    rtt: int = 0
    jitter: int = 0
    link: str = ""
    quality: str = ""


class Table(netlib.Message, frozen=True):
    """← All players and attendees.

    Args:
        claims: nicknames whose place another attendee claims.
        bots: how many the host wants.
    """

    rows: list[Row]
    claims: list[str]
    bots: int


class Bots(netlib.Message, frozen=True):
    """→ As a request, by a host: have this number of bots."""

    number: Annotated[int, Meta(ge=0, le=MAX_BOTS)]


class ClassOrder(netlib.Message, frozen=True):
    """→ As a request, by a host: agree to a claim for a place, or forget an attendee."""

    do: Literal["agree", "forget"]
    nickname: Annotated[str, Meta(min_length=1, max_length=64)]
