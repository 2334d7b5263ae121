"""Events: what happened here, as small typed values, and the listeners that want to know.

A listener is registered for a key: a message class, an event class, or the plain name of an
untyped message. Keys that are classes can only be triggered by this program: a peer chooses
names, never classes, so nobody can fake a `Left` from outside.
"""

import inspect
import logging
import types
from collections.abc import Callable, Coroutine, Generator
from functools import partial, wraps
from math import inf
from typing import Any, TypeVar, cast, dataclass_transform

import msgspec

from netlib.arguments import check
from netlib.errors import WrongArgument

HOLD = 0.25  # seconds; a listener that takes longer at a time holds up all others
SAID_AGAIN = 60.0  # seconds until the log names such a listener again
HELP = "in an async one await asyncio.sleep, or long work by asyncio.to_thread"

log = logging.getLogger("netlib")  # of all of netlib

T = TypeVar("T")
Listener = Callable[..., Any]
ListenerT = TypeVar("ListenerT", bound=Listener)
Spawn = Callable[[Coroutine[Any, Any, Any]], object]


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Event(msgspec.Struct, frozen=True):
    """Base of all events."""


class Joined(Event, frozen=True):
    """Server: the hello of a new player or spectator was accepted; ``peer.spectator`` tells which.

    ``peer`` can be sent to from now on.
    """

    peer: Any


class Dropped(Event, frozen=True):
    """Server: a player lost its connection, and keeps its place for the grace time.

    ``code`` and ``reason`` are those of the WebSocket close (RFC 6455, 7.4).
    """

    peer: Any
    code: int = 1006
    reason: str = ""


class Resumed(Event, frozen=True):
    """Server: a player who was dropped is back."""

    peer: Any


class Left(Event, frozen=True):
    """Server: a player is gone for good. ``code`` and ``reason`` as in `Dropped`."""

    peer: Any
    code: int = 1000
    reason: str = ""


class Paused(Event, frozen=True):
    """Both: time has been made to stand still."""

    by: str


class Started(Event, frozen=True):
    """Both: time goes on."""


class Connected(Event, frozen=True):
    """Client: the server said welcome.

    ``resumed`` is True after an interruption when the session went on: same player, nothing lost.
    """

    player_id: int
    resumed: bool = False


class Interrupted(Event, frozen=True):
    """Client: the connection was lost, and we try to come back."""

    code: int
    reason: str = ""


class Disconnected(Event, frozen=True):
    """Client: the connection has ended for good. ``code`` and ``reason`` as in `Dropped`."""

    code: int
    reason: str = ""


class ServerError(Event, frozen=True):
    """Client: the server refused something that we sent; the connection lives on."""

    code: str
    message: str


class StateChanged(Event, frozen=True):
    """Client: a snapshot was applied; ``client.state`` is the world at ``tick``."""

    tick: int


SERVER_EVENTS = (Joined, Dropped, Resumed, Left)
CLIENT_EVENTS = (Connected, Interrupted, Disconnected, ServerError, StateChanged)


class Events:
    """Listeners by key. Usable by itself, for a game's own events, with any hashable key.

    A listener may be a function or a coroutine function. One that fails is logged with its
    traceback; the others are still called. One that holds all up for `HOLD` seconds is named in
    the log, at most once in `SAID_AGAIN` seconds.

    Args:
        spawn: starts the coroutine of an ``async`` listener, for instance
            ``asyncio.create_task``; without it, only plain functions can listen.
        clock: tells the time, in seconds, such as ``time.perf_counter``; without it, nobody is named.
        failures: what is logged when a plain function raises it; the rest ends the program.
    """

    def __init__(
        self,
        spawn: Spawn | None = None,
        clock: Callable[[], float] = lambda: 0.0,
        failures: tuple[type[BaseException], ...] = (Exception,),
    ) -> None:
        self._listeners: dict[Any, list[Listener]] = {}
        self._spawn, self._clock, self._failures = spawn, clock, failures
        self._said_at = -inf

    def on(self, key: Any, listener: ListenerT) -> ListenerT:
        """Call ``listener`` whenever ``key`` is triggered.

        Raises:
            WrongArgument: it cannot be called, or is a coroutine function and cannot be spawned.
        """
        self._check(listener)
        self._listeners.setdefault(key, []).append(listener)
        return listener

    def off(self, key: Any, listener: Listener) -> None:
        """Stop calling ``listener``; nothing happens when it does not listen."""
        listeners = self._listeners.get(key, [])
        if listener in listeners:
            listeners.remove(listener)

    def once(self, key: Any, listener: Listener) -> Listener:
        """Call ``listener`` the next time only. Returns the handle that `off` takes."""
        self._check(listener)

        @wraps(listener)
        def first(*args: Any) -> Any:
            self.off(key, first)
            return listener(*args)

        return self.on(key, first)

    def emit(self, key: Any, *args: Any) -> int:
        """Call every listener of ``key``, in the order of registration. Returns how many."""
        listeners = list(self._listeners.get(key, ()))
        for listener in listeners:
            self.call(listener, *args)
        return len(listeners)

    def call(self, listener: Listener, *args: Any) -> None:
        """Call one listener, registered or not; what it raises is logged."""
        began = self._clock()
        try:
            result = listener(*args)
            if inspect.iscoroutine(result) and self._spawn is not None:
                self._spawn(self._logged(listener, result))
        except self._failures:
            _log_failure(listener)
        self.took(listener, began)

    def took(self, listener: Listener, began: float) -> None:
        """A listener, or one step of its coroutine, is done that ``began`` then: was it long?"""
        seconds = (now := self._clock()) - began
        if seconds >= HOLD and now - self._said_at >= SAID_AGAIN:
            self._said_at = now
            log.warning("the listener %s held up everybody for %.2f s; %s", _place(listener), seconds, HELP)

    @types.coroutine
    def in_steps(self, listener: Listener, coroutine: Coroutine[Any, Any, T]) -> Generator[Any, Any, T]:
        """Await the coroutine of a listener, and look how long each of its steps takes."""
        step = partial(coroutine.send, None)
        while True:
            began = self._clock()
            try:
                waits_for = step()
            except StopIteration as end:
                return cast(T, end.value)
            finally:
                self.took(listener, began)
            try:
                yield waits_for
                step = partial(coroutine.send, None)
            except BaseException as error:  # also when it is cancelled
                step = partial(coroutine.throw, error)

    def _check(self, listener: Listener) -> None:
        check("the listener", listener, Listener)
        if inspect.iscoroutinefunction(listener) and self._spawn is None:
            raise WrongArgument("async listeners need Events(spawn=…) to run in")

    async def _logged(self, listener: Listener, coroutine: Coroutine[Any, Any, Any]) -> None:
        try:
            await self.in_steps(listener, coroutine)
        except Exception:
            _log_failure(listener)


def _place(listener: Listener) -> str:
    """A function's name, file and line."""
    function = inspect.unwrap(listener)
    code = getattr(function := getattr(function, "func", function), "__code__", None)  # func: of a partial
    return f"{function.__qualname__} ({code.co_filename}:{code.co_firstlineno})" if code else repr(listener)


def _log_failure(listener: Listener) -> None:
    name = getattr(listener, "__qualname__", repr(listener))
    log.exception("the listener %s failed; the others go on", name)
