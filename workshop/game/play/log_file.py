"""A log in a file; when the disk is full, that is told once, and the game goes on without the log."""

import contextlib
import logging
import sys
from pathlib import Path

from workshop.terminal import console


class LogFile(logging.FileHandler):
    """Writes records to a file, until that fails; what is in it stays.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")
        self.lost = 0  # records that could not be written

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; after a failure only count it."""
        if self.lost:
            self.lost += 1
        else:
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say that the log ends here, when it is the file's fault."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
            return
        self.lost += 1
        self._close_file()
        why = error.strerror or error
        console.warn(f"The log {self.baseFilename} ends here ({why}); everything else goes on.")

    def close(self) -> None:
        """End the log, and say how much of it is missing."""
        if self.lost:
            console.warn(f"{self.lost} lines of the log {self.baseFilename} are lost.")
            self.lost = 0
        self._close_file()

    def _close_file(self) -> None:
        with contextlib.suppress(OSError):  # what waits in memory cannot be written, either
            super().close()
