"""What a program says on the terminal."""

import contextlib
import sys
from typing import TextIO


def say(text: str) -> None:
    """Print a line."""
    _print(text, sys.stdout)


def warn(text: str) -> None:
    """Print a warning on standard error: it works, but the player should know something."""
    _print(f"warning: {text}", sys.stderr)


def fail(text: str) -> None:
    """Print, on standard error, what went wrong, why, and what to do next."""
    _print(f"error: {text}", sys.stderr)


def _print(text: str, stream: TextIO | None) -> None:
    """Print what the terminal can show; without one, nothing."""
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "ascii"
    with contextlib.suppress(OSError):
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
