"""A terminal with one line at its bottom that rewrites itself; everything else is printed above it."""

import shutil
import sys
from functools import partial

from workshop.terminal import console
from workshop.terminal.printer import Printer


class StatusPrinter(Printer):
    """Prints lines, and below them a status. It never makes the caller wait.

    The line is cleared by spaces, which every terminal knows.
    """

    def __init__(self) -> None:
        super().__init__(self._print_above)
        self._status = ""

    def show(self, status: str) -> None:
        """Let the status line say this, soon; empty clears it."""
        self.do(partial(self._draw, status))

    def _print_above(self, text: str) -> None:
        status = self._status
        self._draw("")
        console.say(text)
        self._draw(status)

    def _draw(self, status: str) -> None:
        room = shutil.get_terminal_size().columns - 1  # a full line would wrap
        shown = fitting(status, room)
        if shown != self._status:
            sys.stdout.write(f"\r{' ' * min(room, len(self._status))}\r{shown}")
            sys.stdout.flush()
            self._status = shown


def fitting(status: str, room: int) -> str:
    """The parts of a status, divided by semicolons, that fit into so many columns; the first may be cut."""
    while len(status) > room and "; " in status:
        status = status.rpartition("; ")[0]
    return status[:room]
