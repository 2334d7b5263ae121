"""A server in a thread of its own."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from netlib.errors import WrongCall
from netlib.server.server import Server
from netlib.threads.front import ServerFront
from netlib.threads.loop_thread import LoopThread

T = TypeVar("T")


class BackgroundServer(ServerFront):
    """A server that runs in a thread, while the program does something else.

    **Listeners run in the server's thread**, one at a time. What they share with the rest of the program
    needs a lock, or is only touched through `call`. The methods here may be called from any thread, and
    from listeners; except for `start`, `stop` and `call`, and listening while it runs, they never wait.

    When the main thread ends, by Ctrl-C for instance, the server says goodbye to its clients, and ends
    with it. It can be started again, and those who were here before come back by themselves.

    Args:
        name: the room's name.
        options: those of `netlib.Server`.
    """

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(Server(name, **options))
        self._thread = LoopThread(f"netlib server {name!r}")

    @property
    def running(self) -> bool:
        return self._thread.running

    def start(self) -> None:
        """Start the thread, and return when the server listens. Nothing happens when it does already.

        Raises:
            PortInUse: another program listens on the port.
            StartError: the host is not an address of this machine.
        """
        if not self.running:
            self._thread.start(self._serving())

    def run(self) -> None:
        """Serve in this thread, until Ctrl-C, or until a listener or another thread calls `stop`.

        Raises:
            PortInUse, StartError: as for `start`.
            WrongCall: it runs already, or asyncio runs in this thread.
        """
        if self.running:
            raise WrongCall("this server is running already; stop() it first")
        self._thread.run(self._serving())

    def stop(self) -> None:
        """Say goodbye to everyone (close code 1001), free the port, and wait for the end of the thread.

        In a listener it returns at once, and the server stops as soon as the listener has ended.
        """
        self._thread.stop()

    def wait(self, timeout: float = math.inf) -> bool:
        """Wait until it has stopped, for so many seconds at most. Returns whether it has.

        Raises:
            WrongCall: this is one of its listeners, which would wait for itself.
        """
        if self._thread.inside:
            raise WrongCall("this listener would wait for itself: call wait() in another thread")
        return self._thread.wait(timeout)

    def call(self, function: Callable[[], T]) -> T:
        """Call a function in the server's thread, and return what it returns, or raise what it raises.

        While the server does not run, it is called in this thread.

        Raises:
            RuntimeError: the server stopped before it was called.
        """
        return self._thread.call(function) if self.running else function()

    def _wait_for(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return self._thread.wait_for(make)

    def _do(self, function: Callable[[], object]) -> None:
        if self._thread.inside or not self._thread.post(function):
            function()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        async with self.server:
            ending = asyncio.create_task(self._end_with_it())
            yield
        await ending

    async def _end_with_it(self) -> None:
        await self.server.wait_stopped()
        self._thread.end()
