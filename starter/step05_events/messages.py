"""What crosses the wire around the fire. Both sides import this file."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta

import netlib

MAX_TEXT = 120  # characters in one line of chat

Kind: TypeAlias = Literal["wave", "laugh", "cheer", "sleep"]


class Chat(netlib.Message, frozen=True, omit_defaults=True):
    """↔ A line of chat. The server fills in ``sender``, the id of the player who said it."""

    # TODO 05.1: somebody could send a whole book, or nothing at all. Allow 1 to MAX_TEXT characters:
    # Annotated[str, Meta(…)] with min_length and max_length. netlib then refuses what does not fit.
    text: str

    sender: int = 0


class Emote(netlib.Message, frozen=True, omit_defaults=True):
    """↔ Somebody waves, or laughs, … The server fills in ``sender``."""

    # TODO 05.2: any word passes here, and each client would have to be ready for it. Only a Kind will do.
    kind: str

    sender: int = 0


class Who(netlib.Message, frozen=True):
    """← Everybody who is here: their names by their ids."""

    names: dict[int, str]


MESSAGES: Final = (Chat, Emote, Who)
