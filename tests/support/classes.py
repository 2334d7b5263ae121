"""A class on loopback: a room with a desk, and memberships in it."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TypeAlias

import netlib
from tests.support.rooms import a_room, url
from workshop.classroom.desk import Desk
from workshop.classroom.membership import Membership
from workshop.classroom.opening import open_class

Warnings: TypeAlias = list[str]
STEPS = ("step00_ready", "step01_tasks", "step02_echo")  # some of those that there are


@contextlib.asynccontextmanager
async def a_class(
    path: Path | None = None, warnings: Warnings | None = None, **options: object
) -> AsyncIterator[tuple[netlib.Server, Desk]]:
    """Give an open room and its desk; options are those of the room."""
    server = a_room(**options)  # type: ignore[arg-type]
    warn = (warnings if warnings is not None else []).append
    async with open_class(path, server, warn) as desk, server:
        yield server, desk


def a_member(server: netlib.Server, nickname: str = "Ada") -> Membership:
    """A laptop that is about to join."""
    return Membership(nickname, secrets.token_urlsafe(16), url(server))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let another program have the database to itself."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
