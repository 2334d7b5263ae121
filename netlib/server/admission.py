"""Who is let in, as the game says: it is asked about each newcomer, and has a bounded time to answer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from netlib.arguments import check_listener
from netlib.events import log
from netlib.protocol.frames import Hello, Join, Refusal
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings

FAILED = "the server could not find out whether to let you in; tell its host, whose log says why"
TOO_LATE = "the server did not find out in time whether to let you in; try again in a while"


class Visitor(msgspec.Struct, frozen=True):
    """A newcomer at the door.

    Args:
        name: as it wants to be called; made unique later.
        password: what it typed.
        address: IP address and port.
        headers: of its WebSocket request, by name in small letters: cookies and tokens of a web site.
        spectator: whether it only wants to watch.
        join: which room it asked for; None when it did not say.
    """

    name: str
    password: str
    address: str
    headers: Mapping[str, str]
    spectator: bool
    join: Join | None


Verdict: TypeAlias = str | None  # why not, in words for the visitor; None is welcome
Judge: TypeAlias = Callable[[Visitor], Verdict | Awaitable[Verdict]]


class Door:
    """Asks the game about newcomers, if it wants to be asked.

    Args:
        room: whose door.

    Attributes:
        judge: the game's function; None lets everybody in.
        waiting: how many newcomers wait for its answer.
    """

    def __init__(self, room: Surroundings[Any]) -> None:
        self._room = room
        self.judge: Judge | None = None
        self.waiting = 0

    def set(self, judge: Judge) -> Judge:
        """Ask this function from now on. Raises `WrongArgument` when it cannot be called so."""
        check_listener("the function that admits", judge, "visitor")
        self.judge = judge
        return judge

    def ask(self, caller: Caller, hello: Hello, then: Callable[[Refusal | None], object]) -> None:
        """Ask the game about a newcomer, and go on with a refusal or None, at once where it knows."""
        assert self.judge is not None
        try:
            verdict = self.judge(_visitor(caller, hello))
        except Exception:
            log.exception("the function that admits players failed")
            then(Refusal("admission", FAILED))
            return
        if inspect.isawaitable(verdict):
            self._room.spawn(self._wait(caller, verdict, then))
        else:
            then(_refusal(verdict))

    async def _wait(
        self, caller: Caller, verdict: Awaitable[Verdict], then: Callable[[Refusal | None], object]
    ) -> None:
        self.waiting += 1
        caller.waits = True
        try:
            refusal = await self._awaited(verdict)
        finally:
            self.waiting -= 1
            caller.waits = False
        if caller.connection.is_open:
            then(refusal)

    async def _awaited(self, verdict: Awaitable[Verdict]) -> Refusal | None:
        try:
            async with asyncio.timeout(self._room.limits.handshake_time):
                return _refusal(await verdict)
        except TimeoutError:
            log.warning("the function that admits players took too long")
            return Refusal("admission", TOO_LATE)
        except Exception:
            log.exception("the function that admits players failed")
            return Refusal("admission", FAILED)


def _refusal(verdict: Verdict) -> Refusal | None:
    return None if verdict is None else Refusal("admission", str(verdict))


def _visitor(caller: Caller, hello: Hello) -> Visitor:
    return Visitor(
        hello.name,
        hello.password,
        caller.connection.address,
        caller.connection.headers,
        hello.spectator,
        hello.join if isinstance(hello.join, Join) else None,
    )
