"""What the part of a check works with: somebody's stage, its programs as processes, free ports."""

import contextlib
import os
import socket
import weakref
from collections.abc import AsyncIterator, Callable
from typing import Any

from workshop.checking.listening import listening
from workshop.checking.program import GRAVE, START_SECONDS, Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Trouble, Wrong

LOWEST, HIGHEST = 20_000, 32_000  # below the ports that systems hand out by themselves


EXCEPTIONS = ("crashed", "logged")  # kinds of trouble


def is_end_of_connection(trouble: Trouble) -> bool:
    """Whether an exception only says that a connection has ended, or that a task was told to end."""
    return trouble.name.startswith(("Connection", "BrokenPipe", "Cancelled"))


class Ports:
    """Free TCP ports of this machine, each for one check.

    A port is free until somebody's program opens it, and of many checks at once another one could find it
    in the meantime. So its UDP twin is held: no two processes get the same one.
    """

    def __init__(self) -> None:
        self._next = LOWEST + (os.getpid() * 16) % (HIGHEST - LOWEST)
        self._held = contextlib.ExitStack()
        weakref.finalize(self, self._held.close)

    def free(self) -> int:
        """A port that nobody has."""
        while True:
            self._next = LOWEST + (self._next + 1 - LOWEST) % (HIGHEST - LOWEST)
            twin = socket.socket(type=socket.SOCK_DGRAM)
            with socket.socket() as attempt, contextlib.suppress(OSError), contextlib.ExitStack() as failing:
                failing.enter_context(twin)
                twin.bind(("127.0.0.1", self._next))
                attempt.bind(("127.0.0.1", self._next))
                self._held.push(failing.pop_all())
                return self._next


class Lab:
    """Runs the programs of one stage, for one part of a check.

    Args:
        shared: what an earlier part of the same check has found out, for the later ones.
    """

    def __init__(self, stage: Stage, ports: Ports, shared: dict[str, Any] | None = None) -> None:
        self.stage, self.ports = stage, ports
        self.shared: dict[str, Any] = {} if shared is None else shared
        self.programs: list[Program] = []

    def program(
        self,
        name: str,
        *arguments: object,
        window: bool = False,
        environ: dict[str, str] | None = None,
        driver: str = "",
    ) -> Program:
        """A program of the stage, not yet started: use it with ``async with``; see `Program`."""
        words = [str(word) for word in arguments]
        program = Program(self.stage, name, words, window=window, environ=environ, driver=driver)
        self.programs.append(program)
        return program

    @contextlib.asynccontextmanager
    async def server(self, *arguments: object, name: str = "server") -> AsyncIterator[tuple[Program, int]]:
        """The stage's server, listening on a free port of this machine: (program, port).

        Raises:
            Wrong: it does not listen.
        """
        port = self.ports.free()
        async with self.program(name, "--host", "127.0.0.1", "--port", port, *arguments) as program:
            await listening(program, port)
            yield program, port

    @contextlib.asynccontextmanager
    async def client(
        self,
        port: int,
        *arguments: object,
        expected: str,
        saw: str = "",
        symptom: str = "no_frames",
        shows: Callable[[Program], object] = lambda program: program.frames,
        seconds: float = START_SECONDS,
        driver: str = "",
    ) -> AsyncIterator[Program]:
        """The stage's client in a window, at a port of this machine, as soon as it shows what is expected.

        Raises:
            Wrong: it has ended, or does not show that in time.
        """
        words = ("--host", "127.0.0.1", "--port", port, *arguments)
        async with self.program("client", *words, window=True, driver=driver) as program:
            if not await program.reaches(lambda: shows(program), seconds, expected):
                raise Wrong(expected, saw or f"no frame shows that within {seconds:.0f} seconds", symptom)
            yield program

    def troubles(self, *kinds: str) -> list[Trouble]:
        """What went wrong in the programs of this part, at a line of the stage; what explains most first.

        Exceptions are in the order in which they were raised; ends of connections follow from others.
        """
        own = [trouble for program in self.programs for trouble in program.troubles if trouble.place]
        raised = [
            trouble for trouble in own if trouble.kind in EXCEPTIONS and trouble.kind in (kinds or GRAVE)
        ]
        rest = [kind for kind in kinds or GRAVE if kind not in EXCEPTIONS]
        others = (program.trouble(kind) for kind in rest for program in self.programs)
        return [*sorted(raised, key=is_end_of_connection), *(trouble for trouble in others if trouble)]

    def output(self) -> tuple[str, ...]:
        """The end of what the programs printed, each line with the program's name before it."""
        return tuple(
            f"{program.name} | {line}" for program in self.programs for line in program.lines[-8:] if line
        )
