"""A server for a program that has a loop of its own, and neither threads nor asyncio."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from netlib.errors import WrongCall
from netlib.server.server import Server
from netlib.threads.front import ServerFront
from netlib.threads.loop_thread import NOT_RUNNING
from netlib.transport.loops import GameLoop

TURNS = 5  # of the event loop per update: enough to accept a connection, or to answer a request

T = TypeVar("T")


class ManualServer(ServerFront):
    """A server that does something only when the program says so, by `update`.

    Each update runs one tick, so call it at the server's tick rate. Listeners run in the updates. Within
    asyncio, use ``netlib.Server(manual=True)`` and its ``update``.

    Args:
        name: the room's name.
        options: those of `netlib.Server`.
    """

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(Server(name, manual=True, **options))
        self._runner: asyncio.Runner | None = None
        self._asked_to_stop = False

    @property
    def running(self) -> bool:
        return self._runner is not None

    @property
    def _inside(self) -> bool:
        return self._runner is not None and self._runner.get_loop().is_running()

    def start(self) -> None:
        """Listen. Nothing happens when it does already.

        Raises:
            PortInUse: another program listens on the port.
            StartError: the host is not an address of this machine.
            WrongCall: asyncio runs in this thread.
        """
        if self._runner is not None:
            return
        if asyncio._get_running_loop() is not None:
            raise WrongCall("asyncio is running here already: use netlib.Server(manual=True) in it")
        self._asked_to_stop = False
        self._runner = asyncio.Runner(loop_factory=GameLoop)
        try:
            self._runner.run(self.server.start())
        except BaseException:
            self._close()
            raise

    def update(self) -> None:
        """Serve what has arrived, and run one tick; this never waits. Nothing happens when it has stopped.

        Raises:
            WrongCall: it has not been started.
        """
        if self._runner is None and not self._asked_to_stop:
            raise WrongCall("this server is not started: call start() before update()")
        if self._runner is not None:
            self._runner.run(self._serve_and_tick())
            if self._asked_to_stop or self.server.stopping:
                self.stop()

    def stop(self) -> None:
        """Say goodbye to everyone (close code 1001), and free the port; it may wait for half a second.

        In a listener it returns at once, and the server stops at the end of the update.
        """
        self._asked_to_stop = True
        if self._runner is not None and not self._inside:
            try:
                self._runner.run(self._say_goodbye())
            finally:
                self._close()

    def call(self, function: Callable[[], T]) -> T:
        """Call a function in the server's event loop, and return what it returns, or raise what it raises."""
        if self._runner is None or self._inside:
            return function()

        async def inside() -> T:
            return function()

        return self._runner.run(inside())

    def _wait_for(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        if self._runner is None or self._inside:
            raise WrongCall(f"{NOT_RUNNING}; in a listener, await it")
        return self._runner.run(make())

    def _do(self, function: Callable[[], object]) -> None:
        self.call(function)

    async def _serve_and_tick(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
        self.server.update()

    async def _say_goodbye(self) -> None:
        await self.server.stop()
        await self.server.wait_stopped()  # somebody else may have begun to stop it

    def _close(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()
