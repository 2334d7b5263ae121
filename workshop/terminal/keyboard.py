"""The keys that somebody presses in a terminal, without Enter and without waiting, on each system."""

import contextlib
import os
import select
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

ESCAPE = "\x1b"  # with which the arrows and other keys without a letter begin
Pressed: TypeAlias = Callable[[], str]


@contextlib.contextmanager
def keyboard(*, wanted: bool = True) -> Iterator[Pressed | None]:
    """Give what tells the keys that were pressed since its last call; None where keys cannot be had.

    Meanwhile the terminal shows no typed letters. Ctrl-C works as ever.
    """
    if not (wanted and sys.stdin and sys.stdin.isatty()):
        yield None
    else:
        with _keys(sys.stdin.fileno()) as pressed:
            yield pressed


if sys.platform == "win32":  # written so, a type checker looks only at what its system has
    import msvcrt

    @contextlib.contextmanager
    def _keys(terminal: int) -> Iterator[Pressed | None]:
        def pressed() -> str:
            keys = ""
            while msvcrt.kbhit():
                keys += msvcrt.getwch()
            return keys

        yield pressed

else:

    @contextlib.contextmanager
    def _keys(terminal: int) -> Iterator[Pressed | None]:
        try:
            import termios
            import tty

            before = termios.tcgetattr(terminal) if _is_ours(terminal) else None
        except (ImportError, OSError):  # the latter: it is the terminal of another session
            before = None
        if before is None:
            yield None
            return

        def pressed() -> str:
            with contextlib.suppress(OSError, termios.error):
                if not _is_ours(terminal):
                    return ""
                if termios.tcgetattr(terminal)[3] & termios.ICANON:  # at first, and when the shell has had it
                    tty.setcbreak(terminal)
                if select.select([terminal], [], [], 0)[0]:
                    keys = os.read(terminal, 64).decode(errors="ignore")
                    return "" if keys.startswith(ESCAPE) else keys
            return ""

        pressed()
        try:
            yield pressed
        finally:
            with contextlib.suppress(OSError, termios.error):  # the terminal is gone
                if _is_ours(terminal):
                    termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    def _is_ours(terminal: int) -> bool:
        """Whether we are in its foreground; the system stops a program that reads it from behind."""
        return os.tcgetpgrp(terminal) == os.getpgrp()
