"""What crosses the wire between the room and its board."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

import netlib
from workshop.game.rules.chat_rules import MAX_CHAT

MAX_BOTS = 200
MAX_COUNTDOWN = 4 * 3600  # seconds


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
        seconds: how long the state has lasted; 0 if not in the class.
        kind: "player", "phone" or "bot"; empty if not in the game.
        rtt, jitter: in milliseconds; 0 if not known.
        link: what the server's end simulates, in words.
        player: what the player is called, if that is not the attendee's nickname.
        quality: "good", "fair", "poor" or "away"; empty if not in the game.
    """

    name: str
    id: int = 0
    member: bool = False
    step: str = ""
    state: str = ""
    words: str = ""
    seconds: int = 0
    kind: str = ""
    rtt: int = 0
    jitter: int = 0
    link: str = ""
    quality: str = ""
    player: str = ""


class Progress(Struct, frozen=True):
    """How far the class is with one step.

    Args:
        step: such as "06 Authority".
        through: attendees who have passed it.
        stuck: those with a hand up there.
        here: those who work on it, with a hand up or not.
    """

    step: str
    through: int
    stuck: int
    here: int


class OnScreen(Struct, frozen=True):
    """What the host has put on the board.

    Args:
        word: a word to all; empty for none.
        by: who says it.
        countdown: seconds left; negative when it is over, None for none.
        step: the step that the class is on, such as "06 Authority"; empty for none.
        expected: how many people the host expects.
    """

    word: str
    by: str
    countdown: int | None
    step: str
    expected: int


class OtherGame(Struct, frozen=True):
    """Another server on this network.

    Args:
        address: as people type it.
        rooms: how many it has; None if it is a single room.
    """

    name: str
    address: str
    players: int
    rooms: int | None


class OtherGames(Struct, frozen=True):
    """Other servers on this network: some to be shown, and how many more there are."""

    shown: list[OtherGame]
    more: int


class Table(netlib.Message, frozen=True):
    """← All players and attendees, and what the host has put on the board.

    Args:
        progress: of the steps on which somebody works, and the one that the class is on, in order.
        claims: nicknames whose place another attendee claims.
        bots: how many the host wants.
        link: what the server's end simulates for everyone, in words; empty for nothing.
        host: the name of the one at the desk; empty if nobody is.
        address: where the room is reached; when it changes, ``/room.json`` and ``/qr.svg`` have changed, too.
    """

    rows: list[Row]
    progress: list[Progress]
    screen: OnScreen
    claims: list[str]
    bots: int
    link: str
    host: str
    address: str
    others: OtherGames


class Bots(netlib.Message, frozen=True):
    """→ As a request, by a host: have this number of bots."""

    number: Annotated[int, Meta(ge=0, le=MAX_BOTS)]


class ChooseAddress(netlib.Message, frozen=True):
    """→ As a request, by a host: show this address to those who want to join; empty for the likeliest."""

    address: Annotated[str, Meta(max_length=255)]


class DeskKey(netlib.Message, frozen=True):
    """→ As a request, by a host: give me a key with which this desk comes back. ← With the key."""

    key: Annotated[str, Meta(max_length=64)] = ""


class OpenDesk(netlib.Message, frozen=True):
    """→ As a request: I am the desk with this key, so make me a host."""

    key: Annotated[str, Meta(min_length=1, max_length=64)]


class BoardOrder(netlib.Message, frozen=True, omit_defaults=True):
    """→ As a request, by a host: change what is on the board.

    Args:
        do: "say" a word to all; begin a "countdown"; name the "step" the class is on; "expect" people.
        text: the word, or the step's id; empty takes it off.
        number: seconds, or people; 0 ends the countdown.
    """

    do: Literal["say", "countdown", "step", "expect"]
    text: Annotated[str, Meta(max_length=MAX_CHAT)] = ""
    number: Annotated[int, Meta(ge=0, le=MAX_COUNTDOWN)] = 0
