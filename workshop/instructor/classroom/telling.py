"""Tells the host something beside a command's own work, which this never slows down much, and never breaks.

A thread makes the connection while the command works, since that takes most of the time. News that cannot be
told are kept, and told the next time. netlib is imported in that thread: without a class, nothing waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING

from workshop.instructor.classroom.membership import Enrolment, MembershipFile, NotKept, PlaceLost
from workshop.instructor.classroom.news import News, What
from workshop.steps import Step
from workshop.terminal import console

if TYPE_CHECKING:
    from workshop.instructor.classroom.messages import ClassPlace  # it needs netlib

PATIENCE = 0.25  # seconds that a command waits at its end; together with everything else, 0.3
FOREGROUND_SECONDS = 6.0  # that a command of its own waits for the host
JOIN = ("class", "join")


class HostCall(threading.Thread):
    """Connects to the host at once, waits there for the news, and returns what the host has answered.

    Args:
        membership: our nickname, and the host's address.
    """

    def __init__(self, membership: Enrolment) -> None:
        super().__init__(daemon=True, name="class")  # the program does not wait for it at its end
        self._membership = membership
        self._news: Future[list[News]] = Future()
        self._place: Future[ClassPlace] = Future()
        self._given_up = False
        self._end_early: Callable[[], object] = lambda: None
        self.start()

    def tell(self, news: list[News], seconds: float) -> ClassPlace:
        """Hand over the news, and wait for the answer.

        Raises:
            Exception: the reason why the host did not hear them.
        """
        deadline = time.monotonic() + seconds
        self._news.set_result(news)
        place = self._place.result(seconds)
        self.join(max(0.0, deadline - time.monotonic()))  # while it closes the connection
        return place

    def give_up(self) -> None:
        """Let it end, wherever it is."""
        self._given_up = True
        self._news.cancel()
        with contextlib.suppress(RuntimeError):  # its loop is closed
            self._end_early()

    def run(self) -> None:
        """Talk to the host, in the thread."""
        try:
            from netlib.transport.loops import GameLoop

            with asyncio.Runner(loop_factory=GameLoop) as runner:
                runner.run(self._go())
        except BaseException as error:
            if not self._place.done():
                self._place.set_exception(error)

    async def _go(self) -> None:
        from workshop.instructor.classroom import messenger

        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        self._end_early = lambda: loop.call_soon_threadsafe(task.cancel)
        if self._given_up:  # before there was a task to cancel
            return
        async with messenger.at_desk(self._membership) as client:
            news = await asyncio.wrap_future(self._news)
            self._place.set_result(await messenger.tell(client, self._membership, news))


class Telling:
    """What a command has to tell the host, if we are in a class.

    Args:
        file: the membership.

    Attributes:
        problem: a sentence about what could not be told; empty if all is well.
    """

    def __init__(self, file: MembershipFile) -> None:
        self.problem = ""
        self._file = file
        membership = file.read()
        self._host_call = HostCall(membership) if membership else None

    def note(
        self, what: What, step: Step, *, passed: bool = False, seconds: float = 0.0, words: str = ""
    ) -> None:
        """Keep something for the host, if we are in a class; see `News`."""
        if self._host_call:
            try:
                self._file.note(what, step=step.id, passed=passed, seconds=seconds, words=words)
            except NotKept as error:
                self.problem = str(error)

    def end(self, patience: float) -> None:
        """Tell everything that was kept, and wait at most that many seconds until the host has heard it."""
        membership = self._file.read()
        if self._host_call is None or membership is None or not membership.untold:
            return
        try:
            place = self._host_call.tell(membership.news(time.time()), patience)
            self._file.heard(place.heard, place.nickname)
        except PlaceLost as error:
            self._lost(error)
        except Exception as error:  # whatever happens, the command goes on
            why = str(error) or "it does not answer"
            self.problem = f"Your host was not reached, and will hear of it next time: {why}"

    def give_up(self) -> None:
        """Stop waiting for the host."""
        if self._host_call:
            self._host_call.give_up()

    def _lost(self, error: PlaceLost) -> None:
        with contextlib.suppress(NotKept):
            self._file.forget()
        self.problem = f"{error} You are no longer in a class; to join it again: {console.command(*JOIN)}"


@contextlib.contextmanager
def telling(patience: float | None = None, file: MembershipFile | None = None) -> Iterator[Telling]:
    """Connect to the host while the block works, and tell it at the end what the block has noted.

    Args:
        patience: seconds by which this may delay the end of the block; `PATIENCE` if not given.
        file: the membership; this laptop's if not given.
    """
    told = Telling(file or MembershipFile())
    try:
        yield told
        told.end(PATIENCE if patience is None else patience)
    finally:
        told.give_up()
