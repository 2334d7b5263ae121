"""How the command line talks: symbols and words as well as colour, and ASCII where the terminal has no more.

Reading order: say, ok, warn, fail; then command(), for every command that we print.
"""

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.markup import escape

from workshop.bootstrap.typed import command as command
from workshop.bootstrap.typed import typed_command as typed_command

LEAST_LENGTH = 10  # characters; rich cannot lay out text in fewer
SYMBOLS = {
    "ok": ("✓", "+"),
    "warning": ("⚠", "!"),
    "error": ("✗", "x"),
    "arrow": ("→", "->"),
    "dot": ("•", "*"),
}


def prepare_streams() -> None:
    """Make printing safe: a character that the terminal's encoding lacks becomes `?`, not an exception."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - None after >&-
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(errors="replace")


def forget_odd_widths() -> None:
    """Let rich ask the terminal where COLUMNS or LINES is no number of characters that text fits in."""
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "")
        if not (value.isascii() and value.isdecimal() and len(value) < 5 and int(value) >= LEAST_LENGTH):
            os.environ.pop(name, None)


def flush() -> None:
    """Write what is still to be written, so that a full disk is told now; nobody reading any more is fine.

    Raises:
        OSError: it cannot be written.
    """
    if sys.stdout is None or sys.stdout.closed:  # the shell's >&-
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()


def drop_output() -> None:
    """Send what is still to be written nowhere: Python would fail on it again when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def output() -> Console:
    """Return the rich console for standard output; colour only on a terminal, and never with NO_COLOR."""
    return _console(sys.stdout)


def errors() -> Console:
    """Return the rich console for standard error."""
    return _console(sys.stderr)


def _console(stream: IO[str]) -> Console:
    return Console(file=stream, highlight=False, soft_wrap=True, emoji=False)


def symbol(name: str, stream: IO[str] | None = None) -> str:
    """Return the symbol of that name (see SYMBOLS), or its ASCII form if the stream cannot show it."""
    pretty, plain = SYMBOLS[name]
    return pretty if can_show(pretty, stream or sys.stdout) else plain


def can_show(text: str, stream: IO[str]) -> bool:
    """Return whether the stream's encoding has every character of the text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(text: str = "") -> None:
    """Print a line as it is: square brackets in it are not markup."""
    output().print(escape(text))


def link(before: str, text: str, url: str) -> None:
    """Print a line that ends with what can be clicked at, on a terminal that knows links."""
    output().print(f"{escape(before)}[link={url}]{escape(text)}[/link]")


def ok(text: str) -> None:
    """Print what went well."""
    _line(output(), "ok", "green", text)


def warn(text: str) -> None:
    """Print a warning on standard error: it works, but the user should know something."""
    _line(errors(), "warning", "yellow", text)


def fail(text: str) -> None:
    """Print, on standard error, what went wrong, why, and what to do next."""
    _line(errors(), "error", "red", text)


def _line(console: Console, word: str, colour: str, text: str) -> None:
    console.print(f"[bold {colour}]{symbol(word, console.file)} {word}[/]  {escape(text)}")
