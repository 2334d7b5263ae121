"""What crosses the wire between an attendee and the host's registrar: requests, and one answer.

An attendee's `token` is a random secret of their laptop. A laptop that shows it again is the same attendee.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta

from netlib.protocol.messages import Message
from netlib.session.names import MAX_NAME
from workshop.instructor.classroom.news import News

TOKEN_BYTES = 16  # of randomness in a token
NEWS_AT_ONCE = 10  # in one message, which then stays below the 16 KiB that a server accepts

Nickname: TypeAlias = Annotated[str, Meta(max_length=MAX_NAME)]
Token: TypeAlias = Annotated[str, Meta(min_length=16, max_length=64)]


class ClassJoin(Message, frozen=True):
    """→ Asks for a place in the class. Asking again changes nothing."""

    nickname: Nickname
    token: Token


class ClassNews(Message, frozen=True):
    """→ Tells what happened, oldest first."""

    nickname: Nickname
    token: Token
    news: Annotated[list[News], Meta(max_length=NEWS_AT_ONCE)]


class ClassLeave(Message, frozen=True):
    """→ Asks the host to delete everything about this attendee."""

    nickname: Nickname
    token: Token


class ClassPlays(Message, frozen=True):
    """→ By a player, and no request: I am this attendee, whatever I am called in the game."""

    nickname: Nickname
    token: Token


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
