"""What crosses the wire in Gem Rush, beside netlib's own frames."""

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from netlib.protocol.messages import Input, Message
from workshop.game.rules.chat_rules import MAX_CHAT

# The bounds keep NaN and infinity out; the rules clamp what is merely too fast.
Axis: TypeAlias = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Move(Input, frozen=True, omit_defaults=True, kw_only=True, tag="input"):
    """→ A player's intent for one tick.

    Args:
        move: direction to the right and down; a length of 1 is full speed.
        collect: take the nearest resource in reach.
    """

    move: tuple[Axis, Axis] = (0.0, 0.0)
    collect: bool = False


class Chat(Message, frozen=True, omit_defaults=True):
    """↔ A line of chat. The server fills in ``sender``; on the wire it is called ``from``."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_CHAT)]
    sender: int = msgspec.field(name="from", default=0)


class Notice(Message, frozen=True):
    """← A line from the server, such as "Ada joined"."""

    text: str


class PlayingAs(Message, frozen=True):
    """→ As a request: no person at a laptop plays here. A room without a board does not know it."""

    kind: Literal["bot", "phone"]


MESSAGES: Final[tuple[type[Message], ...]] = (Chat, Notice)
