"""Passes on what the attendee types to a program that cannot read the terminal.

The program has a process group of its own, so that all that it starts can be ended with it. Such a group may
not read the terminal, so we do it; on Windows it may.
"""

import contextlib
import os
import select
import sys
import threading
from typing import IO

BLOCK = 4096  # bytes
LOOK_SECONDS = 0.1


class Keyboard(threading.Thread):
    """Passes on what the attendee types, until either side ends.

    Args:
        program: the program's standard input.
        source: the file descriptor to read from.
    """

    def __init__(self, program: IO[bytes], source: int = 0) -> None:
        super().__init__(daemon=True, name="keyboard")
        self._program, self._source = program, source
        self._stopped = threading.Event()

    def run(self) -> None:
        """Read and pass on, in the thread."""
        with contextlib.suppress(OSError, ValueError):  # the program stopped reading, or there is no keyboard
            while not self._stopped.is_set():
                if self._is_ready() and not self._pass_on():
                    break
        self.stop()

    def stop(self) -> None:
        """Pass on nothing more: the program reads the end of its input."""
        self._stopped.set()
        with contextlib.suppress(OSError):
            self._program.close()

    def _pass_on(self) -> bool:
        block = os.read(self._source, BLOCK)
        self._program.write(block)
        self._program.flush()
        return bool(block)

    def _is_ready(self) -> bool:
        """Wait a little for input; False if there is none, or it is for another program."""
        if not in_foreground(self._source):
            self._stopped.wait(LOOK_SECONDS)
            return False
        return bool(select.select([self._source], [], [], LOOK_SECONDS)[0])


def in_foreground(source: int) -> bool:
    """Whether we may read: the system would stop a program in the background."""
    if sys.platform == "win32" or not os.isatty(source):
        return True
    return os.tcgetpgrp(source) == os.getpgrp()
