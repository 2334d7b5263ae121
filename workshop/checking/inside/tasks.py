"""Tasks that failed without anybody asking for it: asyncio tells of them only when they are collected."""

import asyncio
import weakref
from asyncio.base_events import BaseEventLoop
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

LATE = 0.2  # seconds after a task's end from which its exception counts as not asked for
Tell: TypeAlias = Callable[[BaseException], None]


class Unasked:
    """Tells of the exception of a task when nobody asked for it at once, though somebody keeps the task.

    Args:
        tell: is called with the exception.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def watch(self) -> None:
        """Begin: look at every task that an event loop makes from now on."""
        make = BaseEventLoop.create_task

        @wraps(make)
        def create_task(loop: BaseEventLoop, *args: Any, **options: Any) -> asyncio.Task[Any]:
            task = make(loop, *args, **options)
            task.add_done_callback(self._done)
            return task

        BaseEventLoop.create_task = create_task  # type: ignore[assignment]

    def _done(self, task: asyncio.Task[Any]) -> None:
        if unasked(task):
            task.get_loop().call_later(LATE, self._late, weakref.ref(task))

    def _late(self, reference: weakref.ref[asyncio.Task[Any]]) -> None:
        task = reference()
        # To ask for it by exception() would count: then asyncio would never print it.
        error = getattr(task, "_exception", None)
        if task is not None and unasked(task) and error is not None:
            self._tell(error)


def unasked(task: asyncio.Task[Any]) -> bool:
    """Whether a task has an exception for which nobody has asked; a CPython task remembers that by itself."""
    return bool(getattr(task, "_log_traceback", False))
