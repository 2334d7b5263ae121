"""What crosses the wire around the fire. Both sides import this file."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta

import netlib

MAX_TEXT = 120  # characters in one line of chat

Kind: TypeAlias = Literal["wave", "laugh", "cheer", "sleep"]


class Chat(netlib.Message, frozen=True, omit_defaults=True):
    """↔ A line of chat. The server fills in ``sender``, the id of the player who said it."""

    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]

    sender: int = 0


class Emote(netlib.Message, frozen=True, omit_defaults=True):
    """↔ Somebody waves, or laughs, … The server fills in ``sender``."""

    kind: Kind

    sender: int = 0


class Who(netlib.Message, frozen=True):
    """← Everybody who is here: their names by their ids."""

    names: dict[int, str]


MESSAGES: Final = (Chat, Emote, Who)
