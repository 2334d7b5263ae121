"""A class on loopback: a room with a registrar, and memberships in it."""

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Self, TypeAlias, TypeVar

import pytest

import netlib
from netlib.threads.loop_thread import LoopThread
from tests.support.rooms import a_room, url
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.membership import Enrolment, MembershipFile
from workshop.instructor.classroom.opening import open_class
from workshop.instructor.classroom.registrar import Registrar
from workshop.instructor.classroom.telling import HostCall

T = TypeVar("T")
Warnings: TypeAlias = list[str]
STEPS = ("step00_ready", "step01_tasks", "step02_echo")  # some of those that there are


@contextlib.asynccontextmanager
async def a_class(
    path: Path | None = None, warnings: Warnings | None = None, **options: object
) -> AsyncIterator[tuple[netlib.Server, Registrar]]:
    """Give an open room and its registrar; options are those of the room."""
    server = a_room(**options)  # type: ignore[arg-type]
    warn = (warnings if warnings is not None else []).append
    async with open_class(path, server, warn) as registrar, server:
        yield server, registrar


def a_member(server: netlib.Server, nickname: str = "Ada") -> Enrolment:
    """A laptop that is about to join."""
    return Enrolment(nickname, secrets.token_urlsafe(16), url(server))


async def join(membership: Enrolment) -> str:
    """Join, without having to wait; return the room's name."""
    place, room = await messenger.take_place(membership, lambda: pytest.fail("the place is taken"))
    assert not place.waiting
    return room


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let another program have the database to itself."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def member_at(address: str, room: str = "") -> None:
    """Be in a class at that address already, by the file of this test."""
    MembershipFile().write(Enrolment("Ada", "t" * 20, address, room=room))


def untold() -> list[tuple[str, str]]:
    """What waits to be told, and of which step, by the file of this test."""
    membership = MembershipFile().read()
    assert membership
    return [(each.news.what, each.news.step) for each in membership.untold]


class Beside:
    """A class whose room is open in a thread, for commands that run in this one."""

    def __init__(self, path: Path | None = None, **options: object) -> None:
        self._path, self._options = path, options
        self._thread = LoopThread("room")

    def __enter__(self) -> Self:
        self._thread.start(self._serve())
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.stop()

    def ask(self, function: Callable[[Registrar], T]) -> T:
        """Call a function with the registrar, in the room's thread."""
        return self._thread.call(lambda: function(self.registrar))

    @property
    def seen(self) -> list[tuple[str, str, str]]:
        """Nickname, step and state of everybody, as the board shows them."""
        return [(each.nickname, each.step, each.state) for each in self.ask(Registrar.attendees)]

    @contextlib.asynccontextmanager
    async def _serve(self) -> AsyncIterator[None]:
        async with a_class(self._path, **self._options) as (self.server, self.registrar):  # type: ignore[arg-type]
            yield


def errands() -> list[threading.Thread]:
    """The threads of commands that speak to a host just now."""
    return [thread for thread in threading.enumerate() if isinstance(thread, HostCall)]
