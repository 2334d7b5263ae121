"""What goes wrong inside the program: exceptions, also those that a library catches and logs; warnings."""

from __future__ import annotations

import linecache
import logging
import re
import socket
import sys
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from workshop.checking.inside.link import Link
from workshop.checking.verdict import Place, Trouble
from workshop.checking.wire import Bound, Troubled

LOGGERS = ("asyncio", "websockets", "netlib")  # who catches exceptions of a program's own functions
ORIGIN = re.compile(r'File "(.+?)", line (\d+)')
LONGEST = 300  # characters of an exception's message


class Faults:
    """Finds what goes wrong, and says where in the stage.

    Args:
        folder: the stage's, with the program's own files.
    """

    def __init__(self, link: Link, folder: Path) -> None:
        self._link, self._folder = link, str(folder)

    def watch(self) -> None:
        """Begin: log records with an exception, warnings, and every address that is opened."""
        handler = logging.Handler(logging.WARNING)
        handler.emit = self._logged  # type: ignore[method-assign]
        for name in LOGGERS:
            logging.getLogger(name).addHandler(handler)
        sys.set_coroutine_origin_tracking_depth(3)
        warnings.showwarning = self._warned  # type: ignore[assignment]
        sys.addaudithook(self._audited)

    def crashed(self, error: BaseException) -> None:
        """The program ended by this."""
        self._tell("crashed", error)

    def place_of(self, frame: FrameType | None) -> Place | None:
        """The innermost line of the stage in a running stack."""
        while frame is not None:
            if self._is_theirs(frame.f_code.co_filename):
                return self._place(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None

    def _logged(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self._tell("logged", record.exc_info[1])

    def _tell(self, kind: Literal["crashed", "logged"], error: BaseException) -> None:
        error = self._innermost(error)
        trail = self._trail(
            (frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
        )
        if isinstance(error, SyntaxError) and error.filename and self._is_theirs(error.filename):
            trail += (self._place(error.filename, error.lineno or 1),)
        trouble = Trouble(
            kind, type(error).__name__, str(error)[:LONGEST], trail[-1] if trail else None, trail
        )
        self._link.tell(Troubled(trouble))

    def _innermost(self, error: BaseException) -> BaseException:
        """Of a group the first exception: a TaskGroup wraps what its tasks raise."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        return error

    def _warned(
        self, message: Warning | str, category: type[Warning], filename: str, line: int, *_: Any
    ) -> None:
        text = str(message)
        origins = [(name, int(number)) for name, number in ORIGIN.findall(text)] or [(filename, line)]
        trail = self._trail(origins)
        trouble = Trouble(
            "warning", category.__name__, text.splitlines()[0][:LONGEST], trail[-1] if trail else None, trail
        )
        self._link.tell(Troubled(trouble))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.bind" and isinstance(arguments[1], tuple):
            kind: Literal["tcp", "udp"] = "udp" if arguments[0].type == socket.SOCK_DGRAM else "tcp"
            self._link.tell(Bound(kind, str(arguments[1][0]), int(arguments[1][1])))

    def _trail(self, lines: Iterable[tuple[str, int]]) -> tuple[Place, ...]:
        return tuple(self._place(file, line) for file, line in lines if self._is_theirs(file))

    def _is_theirs(self, file: str) -> bool:
        return file.startswith(self._folder)

    def _place(self, file: str, line: int) -> Place:
        name = Path(file).relative_to(self._folder).as_posix()
        return Place(name, line, linecache.getline(file, line).strip())
