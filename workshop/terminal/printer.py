"""Printing that never makes the program wait, and an end of the program that no terminal can delay.

While the user selects text in a terminal, the program that prints there stops; above all on Windows.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from queue import Full, Queue
from typing import NoReturn

LINES_WAITING = 1000  # for a terminal that has stopped; further lines are dropped
FAREWELL_SECONDS = 0.3  # by which such a terminal may delay our end


class Printer(threading.Thread):
    """Prints lines in order from a thread of its own, so that the caller never waits.

    Args:
        write: prints one line, and may have to wait for the terminal.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(daemon=True)
        self._write = write
        self._jobs: Queue[Callable[[], object] | None] = Queue(LINES_WAITING)
        self.start()

    def say(self, text: str) -> None:
        """Print a line soon."""
        self.do(partial(self._write, text))

    def do(self, job: Callable[[], object]) -> None:
        """Do something else with the terminal, in its turn."""
        with contextlib.suppress(Full):
            self._jobs.put_nowait(job)

    def finish(self) -> bool:
        """Print what is left, and stop. Returns False if the terminal does not take it."""
        with contextlib.suppress(Full):
            self._jobs.put_nowait(None)
        self.join(FAREWELL_SECONDS)
        return not self.is_alive()

    def run(self) -> None:
        """Print, in the thread."""
        with contextlib.suppress(OSError, SystemExit):  # rich raises the latter once nobody reads
            for job in iter(self._jobs.get, None):
                job()


class PrintingHandler(logging.Handler):
    """Log records on standard error, through a `Printer`."""

    def __init__(self) -> None:
        super().__init__()
        self._printer = Printer(lambda line: sys.stderr.write(f"{line}\n"))

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record soon."""
        self._printer.say(self.format(record))


def leave(code: int) -> NoReturn:
    """End the program with this exit code, even while the terminal has stopped."""
    printers = [thread for thread in threading.enumerate() if isinstance(thread, Printer)]
    held_up = [printer for printer in printers if not printer.finish()]
    if held_up:
        os._exit(code)  # Python's own end would wait for the terminal
    sys.exit(code)
