"""The programs of a step, from start to end: the server starts first, and when one program ends, all do."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.text import Text

from workshop.processes.running.plan import Launch
from workshop.processes.running.ports import accepts
from workshop.processes.running.program import Program
from workshop.terminal import console

START_SECONDS = 15.0  # that a server may take until it listens; a virus scanner slows it down
TELL_SECONDS = 2.0  # after which we say what we wait for
LOOK_SECONDS = 0.03  # between two looks at the programs
END_SECONDS = 0.3  # that all together may take to end, and again after the end of their input
COLOURS = ("cyan", "magenta", "yellow", "blue", "green")


class Together:
    """Runs programs that belong together.

    Args:
        package: their stage.
        root: the checkout.
        port: where their server should listen.
    """

    def __init__(self, package: str, root: Path, port: int) -> None:
        self._package, self._root, self._port = package, root, port
        self._programs: list[Program] = []
        self._printing = threading.Lock()

    def run(self, launches: Sequence[Launch], seconds: float | None = None) -> int:
        """Run them until one of them ends, until Ctrl-C, or for ``seconds``. Returns the exit code."""
        deadline = float("inf") if seconds is None else time.monotonic() + seconds
        try:
            with ending_politely():
                return self._run(launches, deadline)
        except KeyboardInterrupt:
            return 0
        finally:
            with deaf_to_ctrl_c():
                self._end()

    def _run(self, launches: Sequence[Launch], deadline: float) -> int:
        for number, launch in enumerate(launches):
            say = self._prefixed(launch, number, launches) if len(launches) > 1 else None
            self._programs.append(Program(launch, self._package, self._root, say))
            if launch.is_server and len(launches) > 1 and not self._wait_until_ready(self._programs[-1]):
                return 1
        return self._wait(deadline)

    def _wait_until_ready(self, server: Program) -> bool:
        """Wait until the server listens; if it does not, say why and return False."""
        began, told = time.monotonic(), False
        while not accepts(self._port):
            waited = time.monotonic() - began
            if server.exit_code is not None:
                self._tell_early_end(server)
                return False
            if waited > START_SECONDS:
                console.fail(
                    f"The server runs, but nothing listens on port {self._port}, so no client is started."
                )
                return False
            if waited > TELL_SECONDS and not told:
                console.say(f"Waiting for the server to listen on port {self._port} ...")
                told = True
            time.sleep(LOOK_SECONDS)
        return True

    def _tell_early_end(self, server: Program) -> None:
        server.finish()
        how = how_it_ended(server.exit_code or 0)
        console.fail(f"The server has ended ({how}) before it listened on port {self._port}: see above.")

    def _wait(self, deadline: float) -> int:
        """Wait until one of them ends, and return its exit code."""
        while time.monotonic() < deadline:
            for program in self._programs:
                if program.exit_code is not None:
                    return self._told_end(program)
            time.sleep(LOOK_SECONDS)
        return 0

    def _told_end(self, program: Program) -> int:
        """Say how a program ended, unless its own output does; return the exit code."""
        code, alone = program.exit_code or 0, len(self._programs) == 1
        program.finish()
        if code < 0 or (code and not alone):
            console.fail(f"The {program.launch.label} has ended ({how_it_ended(code)}).")
        elif not alone:
            console.say(f"The {program.launch.label} has ended.")
        return code if alone and code >= 0 else int(code != 0)

    def _end(self) -> None:
        """End them all within a second."""
        for program in reversed(self._programs):
            program.ask_to_end()
        self._wait_for_all()
        for program in self._programs:
            program.end_input()
        self._wait_for_all()
        for program in self._programs:
            program.finish()

    def _wait_for_all(self) -> None:
        deadline = time.monotonic() + END_SECONDS
        for program in self._programs:
            program.wait(deadline)

    def _prefixed(self, launch: Launch, number: int, launches: Sequence[Launch]) -> Callable[[str], None]:
        """A function that prints a line of a program, with the program's name before it."""
        width = max(len(one.label) for one in launches)
        bar = "│" if console.can_show("│", sys.stdout) else "|"
        prefix = Text(f"{launch.label:<{width}} {bar} ", COLOURS[number % len(COLOURS)])

        def say(line: str) -> None:
            with self._printing:
                console.output().print(Text.assemble(prefix, line))

        return say


@contextlib.contextmanager
def ending_politely() -> Iterator[None]:
    """Treat a request from the system to end like Ctrl-C, so that nothing is left behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Ignore Ctrl-C: an impatient attendee who presses it again must not leave programs running."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    return f"by signal {-code}" if code < 0 else f"exit code {code}"
