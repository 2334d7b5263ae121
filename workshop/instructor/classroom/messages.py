"""What crosses the wire to the host's registrar, from attendees and from the desk, and its one answer.

An attendee's `token` is a random secret of their laptop. A laptop that shows it again is the same attendee.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from netlib.protocol.messages import Message
from netlib.session.names import MAX_NAME
from workshop.instructor.classroom.news import News

TOKEN_BYTES = 16  # of randomness in a token
NEWS_AT_ONCE = 10  # in one message, which then stays below the 16 KiB that a server accepts

Nickname: TypeAlias = Annotated[str, Meta(max_length=MAX_NAME)]
Token: TypeAlias = Annotated[str, Meta(min_length=16, max_length=64)]


class _FromAttendee(Message, frozen=True):
    nickname: Nickname
    token: Token


class ClassJoin(_FromAttendee, frozen=True):
    """→ Asks for a place in the class. Asking again changes nothing."""


class ClassNews(_FromAttendee, frozen=True):
    """→ Tells what happened, oldest first."""

    news: Annotated[list[News], Meta(max_length=NEWS_AT_ONCE)]


class ClassLeave(_FromAttendee, frozen=True):
    """→ Asks the host to delete everything about this attendee."""


class ClassPlays(_FromAttendee, frozen=True):
    """→ By a player, and no request: I am this attendee, whatever I am called in the game."""


class ClassOrder(Message, frozen=True, omit_defaults=True):
    """→ As a request, by a host: agree to a claim, forget an attendee, lower a hand, or rename one.

    Args:
        text: the new nickname.
    """

    do: Literal["agree", "forget", "lower", "rename"]
    nickname: Annotated[str, Meta(min_length=1, max_length=64)]
    text: Annotated[str, Meta(max_length=64)] = ""


class ClassPlace(Message, frozen=True, omit_defaults=True):
    """← The answer to all requests but `ClassLeave`, which gets an empty one.

    Args:
        nickname: as the class has it.
        waiting: another laptop has that place, and the host must agree. Ask again soon.
        heard: the greatest number of the news that the host has heard.
        step: the id of the step that the host knows of them, when they join; empty for none.
    """

    nickname: str
    waiting: bool = False
    heard: int = 0
    step: str = ""
