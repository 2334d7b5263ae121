"""What goes wrong inside the program: exceptions, also those that a library catches and logs; warnings."""

import asyncio
import logging
import re
import socket
import sys
import threading
import warnings
from asyncio.base_events import BaseEventLoop
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeAlias

from workshop.checking.inside.link import CheckLink
from workshop.checking.inside.origin import LONGEST, message, name, origin, trail
from workshop.checking.inside.tasks import Unasked
from workshop.checking.inside.theirs import Theirs
from workshop.checking.verdict import Place, Trouble
from workshop.checking.wire import Bound, Sent, Troubled

LOGGERS = ("asyncio", "websockets", "netlib")  # who catches exceptions of a program's own functions
ORIGIN = re.compile(r'File "(.+?)", line (\d+)')
# Warnings that are worth a word; one of an old name, say, explains nothing.
TELLING = re.compile(r"never awaited|missed a comma|\"is(?: not)?\" with|is always true|in a 'finally' block")
NORMAL = (asyncio.CancelledError, KeyboardInterrupt, SystemExit, GeneratorExit)  # ends, no mistakes
Kind: TypeAlias = Literal["crashed", "logged", "warning"]


class Faults:
    """Finds what goes wrong, and says where in the stage.

    Args:
        folder: the stage's, with the program's own files.

    Attributes:
        theirs: which lines are the program's own.
    """

    def __init__(self, link: CheckLink, folder: Path) -> None:
        self._link, self.theirs = link, Theirs(folder)
        self._told: set[tuple[object, ...]] = set()

    def watch(self) -> None:
        """Begin: exceptions that are logged or that nobody catches; warnings; addresses that are opened."""
        handler = logging.Handler(logging.WARNING)
        handler.emit = self._logged  # type: ignore[method-assign]
        for logger in LOGGERS:
            logging.getLogger(logger).addHandler(handler)
        self._watch_hooks()
        Unasked(self._survived).watch()
        sys.set_coroutine_origin_tracking_depth(3)
        warnings.showwarning = self._warned  # type: ignore[assignment]
        sys.addaudithook(self._audited)

    def crashed(self, error: BaseException) -> None:
        """The program ended by this."""
        self._tell("crashed", error)

    def _watch_hooks(self) -> None:
        """Look at what passes, and hand it on: in loops, TLS, threads, and what cannot be raised."""
        for owner, hook, error in (
            (BaseEventLoop, "call_exception_handler", lambda loop, context: context.get("exception")),
            # It is silent about a handshake; a client gets the exception where it waits.
            (SSLProtocol, "_fatal_error", lambda tls, error, *_: error if tls._server_side else None),
            (threading, "excepthook", lambda raised: raised.exc_value),
            (sys, "unraisablehook", lambda raised: raised.exc_value),
        ):
            setattr(owner, hook, self._passing(getattr(owner, hook), error))

    def _passing(self, hook: Callable[..., object], error: Callable[..., Any]) -> Callable[..., object]:
        def look(*arguments: Any) -> object:
            self._survived(error(*arguments))
            return hook(*arguments)

        return look

    def _logged(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._survived(record.exc_info[1])

    def _survived(self, error: BaseException | None) -> None:
        """Somebody caught it, and the program goes on."""
        if error is not None and not isinstance(error, NORMAL):
            self._tell("logged", error)

    def _tell(self, kind: Kind, error: BaseException) -> None:
        error = origin(error, self.theirs)
        self._say(kind, name(error), message(error), trail(error, self.theirs))

    def _say(self, kind: Kind, name: str, message: str, trail: tuple[Place, ...]) -> None:
        """Tell it, once: what fails in each tick fails at the same line."""
        place = trail[-1] if trail else None
        if (key := (kind, name, place or message)) not in self._told:
            self._told.add(key)
            self._link.tell(Troubled(Trouble(kind, name, message, place, trail)))

    def _warned(
        self, warning: Warning | str, category: type[Warning], filename: str, line: int, *_: Any
    ) -> None:
        if not TELLING.search(text := str(warning)):
            return
        lines = [(file, int(number)) for file, number in ORIGIN.findall(text)] or [(filename, line)]
        self._say("warning", category.__name__, text.splitlines()[0][:LONGEST], self.theirs.places(lines))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.bind" and isinstance(arguments[1], tuple):
            kind: Literal["tcp", "udp"] = "udp" if arguments[0].type == socket.SOCK_DGRAM else "tcp"
            self._link.tell(Bound(kind, str(arguments[1][0]), int(arguments[1][1])))
        elif event == "socket.sendto" and isinstance(arguments[1], tuple):
            self._link.tell(Sent(str(arguments[1][0]), int(arguments[1][1])))
