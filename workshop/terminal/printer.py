"""Printing that holds nobody up, and a program's end that no terminal can hold up.

A terminal in which somebody selects text stops the program that prints, on Windows above all.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from queue import Full, Queue
from typing import NoReturn

LINES_WAITING = 1000  # for a terminal that somebody holds up; more are left out
FAREWELL_SECONDS = 0.3  # that such a terminal may delay our end


class Printer(threading.Thread):
    """Prints lines in their order from a thread of its own, so that the caller never waits.

    Args:
        write: prints one line, and may wait for the terminal.
    """

    def __init__(self, write: Callable[[str], object]) -> None:
        super().__init__(daemon=True)
        self._write = write
        self._lines: Queue[str | None] = Queue(LINES_WAITING)
        self.start()

    def say(self, text: str) -> None:
        """Print a line soon."""
        with contextlib.suppress(Full):
            self._lines.put_nowait(text)

    def finish(self) -> bool:
        """Print what is left, and stop. False when the terminal holds us up."""
        with contextlib.suppress(Full):
            self._lines.put_nowait(None)
        self.join(FAREWELL_SECONDS)
        return not self.is_alive()

    def run(self) -> None:
        """What the thread does."""
        with contextlib.suppress(OSError, SystemExit):  # rich raises the latter when nobody reads any more
            for text in iter(self._lines.get, None):
                self._write(text)


class PrintingHandler(logging.Handler):
    """Log records on standard error, through a `Printer`."""

    def __init__(self) -> None:
        super().__init__()
        self._printer = Printer(lambda line: sys.stderr.write(f"{line}\n"))

    def emit(self, record: logging.LogRecord) -> None:
        """Print one record soon."""
        self._printer.say(self.format(record))


def leave(code: int) -> NoReturn:
    """End the program with this exit code, even while somebody holds up the terminal."""
    printers = [thread for thread in threading.enumerate() if isinstance(thread, Printer)]
    held_up = [printer for printer in printers if not printer.finish()]
    if held_up:
        os._exit(code)  # Python's own end would wait for the terminal
    sys.exit(code)
