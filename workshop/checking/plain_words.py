"""What an exception, a warning or the end of a program means, in plain words."""

from __future__ import annotations

import signal
from typing import NamedTuple

from workshop.checking.verdict import Trouble

# NTSTATUS values with which Windows ends a program.
WINDOWS = {
    0xC0000005: "a crash in compiled code: access violation",
    0xC0000017: "no memory was left",
    0xC00000FD: "a crash: the stack is full",
    0xC0000135: "Windows does not find a DLL",
    0xC000013A: "Ctrl-C",
    0xC0000409: "a crash in compiled code: fail fast",
}
SIGNALS = {
    "SIGSEGV": ": a crash in compiled code",
    "SIGBUS": ": a crash in compiled code",
    "SIGABRT": ": compiled code gave up",
    "SIGKILL": ": somebody, or the system, ended it by force",
    "SIGINT": ": Ctrl-C",
}


class Plain(NamedTuple):
    """What somebody's trouble means.

    Args:
        cause: what Python, or a library, says by it.
        hint: what to try; empty where that depends on what is meant.
    """

    cause: str
    hint: str


def explain(trouble: Trouble, line: str) -> Plain | None:
    """What a trouble means; None when its own words are all that can be said."""
    return None


def ended(code: int) -> str:
    """How a process ended, by its exit code: "exit code 3", "signal SIGSEGV: …"."""
    if (known := WINDOWS.get(code & 0xFFFFFFFF)) and not 0 <= code < 256:
        return f"{known} (exit code {code & 0xFFFFFFFF:#x})"
    if code < 0 and -code in {each.value for each in signal.Signals}:
        name = signal.Signals(-code).name
        return f"signal {name}{SIGNALS.get(name, '')}"
    return f"exit code {code}"
