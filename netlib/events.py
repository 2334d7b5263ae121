"""Events: what happened here, as small typed values, and the listeners that want to know.

A listener is registered for a key: a message class, an event class, or the plain name of an
untyped message. Keys that are classes can only be triggered by this program: a peer chooses
names, never classes, so nobody can fake a `Left` from outside.
"""

import inspect
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec

log = logging.getLogger("netlib")  # of all of netlib

Listener = Callable[..., Any]
ListenerT = TypeVar("ListenerT", bound=Listener)
Spawn = Callable[[Coroutine[Any, Any, Any]], object]


class Event(msgspec.Struct, frozen=True):
    """Base of all events."""


class Joined(Event, frozen=True):
    """Server: a new player's hello was accepted. ``peer`` can be sent to from now on."""

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


class Events:
    """Listeners by key. Usable by itself, for a game's own events, with any hashable key.

    A listener may be a function or a coroutine function. One that fails is logged with its
    traceback; the others are still called.

    Args:
        spawn: starts the coroutine of an ``async`` listener, for instance
            ``asyncio.create_task``; without it, only plain functions can listen.
    """

    def __init__(self, spawn: Spawn | None = None) -> None:
        self._listeners: dict[Any, list[Listener]] = {}
        self._spawn = spawn

    def on(self, key: Any, listener: ListenerT) -> ListenerT:
        """Call ``listener`` whenever ``key`` is triggered."""
        self._refuse_async(listener)
        self._listeners.setdefault(key, []).append(listener)
        return listener

    def off(self, key: Any, listener: Listener) -> None:
        """Stop calling ``listener``; nothing happens when it does not listen."""
        listeners = self._listeners.get(key, [])
        if listener in listeners:
            listeners.remove(listener)

    def once(self, key: Any, listener: Listener) -> Listener:
        """Call ``listener`` the next time only. Returns the handle that `off` takes."""
        self._refuse_async(listener)

        def first(*args: Any) -> Any:
            self.off(key, first)
            return listener(*args)

        return self.on(key, first)

    def emit(self, key: Any, *args: Any) -> int:
        """Call every listener of ``key``, in the order of registration. Returns how many."""
        listeners = list(self._listeners.get(key, ()))
        for listener in listeners:
            try:
                self._go_on(listener, listener(*args))
            except Exception:
                _log_failure(listener)
        return len(listeners)

    def _refuse_async(self, listener: Listener) -> None:
        if inspect.iscoroutinefunction(listener) and self._spawn is None:
            raise TypeError("async listeners need Events(spawn=…) to run in")

    def call(self, listener: Listener, *args: Any) -> None:
        """Call one listener, registered or not; what it raises is logged."""
        try:
            self._go_on(listener, listener(*args))
        except Exception:
            _log_failure(listener)

    def _go_on(self, listener: Listener, result: Any) -> None:
        if inspect.iscoroutine(result) and self._spawn is not None:
            self._spawn(_logged(listener, result))


async def _logged(listener: Listener, coroutine: Coroutine[Any, Any, Any]) -> None:
    try:
        await coroutine
    except Exception:
        _log_failure(listener)


def _log_failure(listener: Listener) -> None:
    name = getattr(listener, "__qualname__", repr(listener))
    log.exception("the listener %s failed; the others go on", name)
