"""asyncio in a thread of its own, for programs that know nothing of it."""

import asyncio
import atexit
import concurrent.futures
import contextlib
import logging
import math
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from netlib.transport import loops

INTERRUPTIBLE = 0.1  # seconds; on Windows, Ctrl-C does not end a wait in the main thread
END_TIME = 5.0  # seconds for which we wait for the end of a thread
NOT_RUNNING = "this does not run, or has ended meanwhile; start it first"

log = logging.getLogger("netlib")

T = TypeVar("T")
Service = AbstractAsyncContextManager[Any]


class LoopThread:
    """An event loop in a thread, and ways into it from other threads.

    It serves one service at a time, such as a server or a client: that is entered first, and left last.
    The thread is a daemon, so it keeps no program from ending; the service is left at the program's end.

    Args:
        name: the thread's.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._entering: asyncio.Task[Any] | None = None
        self._asked = False
        self._end = asyncio.Event()
        self._thread: threading.Thread | None = None
        self._own: threading.Thread | None = None
        self._over = threading.Event()
        self._over.set()

    @property
    def running(self) -> bool:
        """True from `start` until the service is left."""
        return not self._over.is_set()

    @property
    def inside(self) -> bool:
        """Whether the caller is in the thread."""
        return self.running and self._thread is threading.current_thread()

    # Starting and stopping.

    def start(self, service: Service) -> None:
        """Start the thread, and wait until the service is entered.

        Raises:
            Exception: what entering it raised; the thread has then ended.
        """
        try:
            self._result(self.begin(service))
        except BaseException:
            self.stop()
            raise

    def begin(self, service: Service) -> Future[None]:
        """Start the thread. Returns what is done, or has an error, once the service is entered."""
        entered = Future[None]()
        self._own = threading.Thread(target=self._run, args=(service, entered), name=self._name, daemon=True)
        self._prepare(self._own)
        atexit.register(self.stop)
        self._own.start()
        return entered

    def run(self, service: Service) -> None:
        """Serve in the caller's thread, until `stop`, Ctrl-C or another signal that ends programs.

        Raises:
            Exception: what entering the service raised.
        """
        entered = Future[None]()
        self._own = None
        self._prepare(threading.current_thread())
        self._run(service, entered)
        entered.result(0)

    def stop(self) -> None:
        """Leave the service, and wait for the end; in the thread itself this only begins it.

        A thread that does not end, because a function in it never does, is given up with a warning.
        """
        self.end()
        if self.inside:
            return
        if not self.wait(END_TIME):
            log.warning("the thread %s does not end: a function in it blocks", self._name)
        elif self._own is not None:
            self._own.join()

    def wait(self, timeout: float = math.inf) -> bool:
        """Wait until the service is left, for so many seconds at most. Returns whether it is."""
        deadline = loops.clock() + timeout
        while not self._over.wait(INTERRUPTIBLE) and loops.clock() < deadline:
            pass
        return not self.running

    def end(self) -> None:
        """Begin to leave the service; this never waits."""
        self._asked = True
        self.post(self._leave)

    # From other threads.

    def post(self, function: Callable[[], object]) -> bool:
        """Call a function in the thread, soon. False when there is no loop to do it."""
        loop = self._loop
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            return loop is not None and bool(loop.call_soon_threadsafe(function))
        return False

    def call(self, function: Callable[[], T]) -> T:
        """Call a function in the thread, and wait for what it returns or raises.

        Raises:
            RuntimeError: the thread does not run, or ends before.
        """
        if self.inside:
            return function()
        result = Future[T]()

        def there() -> None:
            try:
                result.set_result(function())
            except Exception as error:
                result.set_exception(error)

        return self._posted(there, result)

    def wait_for(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine in the thread, and wait for what it returns or raises.

        Raises:
            RuntimeError: the thread does not run, or ends before; or this is that thread.
        """
        if self.inside:
            raise RuntimeError("this would wait for itself: call it from another thread, or from a coroutine")
        result = Future[T]()
        tasks = set[asyncio.Task[None]]()

        async def there() -> None:
            try:
                result.set_result(await make())
            except Exception as error:
                result.set_exception(error)

        return self._posted(lambda: tasks.add(asyncio.ensure_future(there())), result)

    def _posted(self, function: Callable[[], object], result: Future[T]) -> T:
        if not self.post(function):
            raise RuntimeError(NOT_RUNNING)
        return self._result(result)

    def _result(self, future: Future[T]) -> T:
        while not future.done() and self.running:
            concurrent.futures.wait([future], INTERRUPTIBLE)
        if not future.done():
            raise RuntimeError(NOT_RUNNING)
        return future.result()

    # In the thread.

    def _prepare(self, thread: threading.Thread) -> None:
        self._thread = thread
        self._asked = False
        self._end = asyncio.Event()
        self._over.clear()

    def _run(self, service: Service, entered: Future[None]) -> None:
        try:
            loops.run(self._main(service, entered))
        finally:
            atexit.unregister(self.stop)
            self._over.set()

    async def _main(self, service: Service, entered: Future[None]) -> None:
        self._entering = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        try:
            await self._serve(service, entered)
        except (Exception, asyncio.CancelledError) as error:
            if entered.done():
                raise
            entered.set_exception(error if isinstance(error, Exception) else RuntimeError(NOT_RUNNING))
        finally:
            self._loop = None

    async def _serve(self, service: Service, entered: Future[None]) -> None:
        if self._asked:  # before there was a loop to tell
            raise asyncio.CancelledError
        async with service:
            self._entering = None
            entered.set_result(None)
            await self._end.wait()

    def _leave(self) -> None:
        self._end.set()
        if self._entering is not None:
            self._entering.cancel()
