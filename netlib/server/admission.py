"""Who is let in, as the game says: it is asked about each newcomer, and has a bounded time to answer."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from netlib.arguments import check_listener, is_text
from netlib.events import log
from netlib.protocol.frames import Hello, Join, Refusal
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings

FAILED = "the server could not find out whether to let you in; tell its host, whose log says why"
NO_VERDICT = "the function that admits players returned %.60r; it must be None, or text that says why not"
PATIENCE = 0.8  # of the handshake time, which a newcomer waits, too: so it hears what became of it
TOO_LATE = "the server did not find out in time whether to let you in; try again in a while"


class Visitor(msgspec.Struct, frozen=True):
    """A newcomer at the door.

    Args:
        name: as it wants to be called; made unique later.
        password: what it typed.
        address: IP address and port.
        headers: of its WebSocket request, by name in small letters: cookies and tokens of a web site. Of
            several alike the last.
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
        waiting: what newcomers said who wait for its answer, by their callers.
    """

    def __init__(self, room: Surroundings[Any]) -> None:
        self._room = room
        self.judge: Judge | None = None
        self.waiting: dict[Caller, Hello] = {}

    def count(self, *, spectator: bool) -> int:
        """How many of those who wait, and are still there, want to watch, or else to play."""
        here = (hello for caller, hello in self.waiting.items() if caller.connection.is_open)
        return sum(hello.spectator is spectator for hello in here)

    def knows(self, hello: Hello) -> bool:
        """Whether this is a first hello said again, while the first of them still waits."""
        return bool(hello.nonce) and any(one.nonce == hello.nonce for one in self.waiting.values())

    def close(self, reason: str) -> None:
        """Send away those who wait: the room has ended."""
        waiting, self.waiting = self.waiting, {}
        for caller in waiting:
            caller.turn_away(Refusal("no_room", reason))

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
        except (Exception, asyncio.CancelledError):
            log.exception("the function that admits players failed")
            then(Refusal("admission", FAILED))
            return
        if not inspect.isawaitable(verdict):
            then(_refusal(verdict))
            return
        self.waiting[caller], caller.waits = hello, True
        task = self._room.spawn(self._awaited(verdict))
        task.add_done_callback(lambda task: self._answered(caller, task, then))

    def _answered(
        self, caller: Caller, task: asyncio.Task[Refusal | None], then: Callable[[Refusal | None], object]
    ) -> None:
        caller.waits = False
        here = self.waiting.pop(caller, None) is not None and caller.connection.is_open
        if here and task.cancelled():  # by the game: a room that ends has sent its visitors away before
            log.warning("the function that admits players waited for something that was cancelled")
            then(Refusal("admission", FAILED))
        elif here:
            then(task.result())

    async def _awaited(self, verdict: Awaitable[Verdict]) -> Refusal | None:
        try:
            async with asyncio.timeout(PATIENCE * self._room.limits.handshake_time):
                return _refusal(await verdict)
        except TimeoutError:
            log.warning("the function that admits players took too long")
            return Refusal("admission", TOO_LATE)
        except Exception:
            log.exception("the function that admits players failed")
            return Refusal("admission", FAILED)


def _refusal(verdict: Verdict) -> Refusal | None:
    if verdict is None or (isinstance(verdict, str) and is_text(verdict)):
        return None if verdict is None else Refusal("admission", verdict)
    log.error(NO_VERDICT, verdict)  # True, for instance, which means both to somebody
    return Refusal("admission", FAILED)


def _visitor(caller: Caller, hello: Hello) -> Visitor:
    return Visitor(
        hello.name,
        hello.password,
        caller.connection.address,
        {name.lower(): value for name, value in caller.connection.headers.raw_items()},
        hello.spectator,
        hello.join if isinstance(hello.join, Join) else None,
    )
