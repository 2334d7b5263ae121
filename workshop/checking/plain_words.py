"""What an exception, a warning or the end of a program means, in plain words."""

import re
import signal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from workshop.checking.verdict import Trouble

TABLE = Path(__file__).with_suffix(".txt")
BEFORE_A_VOWEL = re.compile(r"\ba(?= [aeioAEIO])")
LINE = "    @ "  # in the table, before the pattern for the line of code
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
        hint: what to try; a question where it depends.
    """

    cause: str
    hint: str


class Meaning(NamedTuple):
    """A message, and what it means; the patterns' groups are the numbers in braces.

    Args:
        errors: the names of the exceptions.
        says: how the message begins.
        line: what the line of code has in it.
    """

    errors: list[str]
    says: re.Pattern[str]
    line: re.Pattern[str]
    cause: str
    hint: str

    def read(self, trouble: Trouble, line: str) -> Plain | None:
        """The meaning of a trouble; None when this is another message."""
        found = self.says.match(trouble.message) if trouble.name in self.errors else None
        if not found or not self.line.search(line):
            return None
        groups = [group for group in found.groups() if group is not None]
        cause, hint = (BEFORE_A_VOWEL.sub("an", each.format(*groups)) for each in (self.cause, self.hint))
        return Plain(cause, hint)


@cache
def rows() -> tuple[Meaning, ...]:
    """The messages that are known, most special first."""
    blocks = re.findall(r"^(\S.*)\n  (.+)\n  (.+)$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(_row(*block) for block in blocks)


def _row(head: str, cause: str, hint: str) -> Meaning:
    errors, _, patterns = head.partition(": ")
    says, _, line = patterns.partition(LINE)
    return Meaning(errors.split(), re.compile(says, re.DOTALL), re.compile(line), cause, hint)


def explain(trouble: Trouble, line: str) -> Plain | None:
    """What a trouble means, in plain words; None when its own words are all that can be said.

    Args:
        line: the line of code at which it happened.
    """
    return next(filter(None, (row.read(trouble, line) for row in rows())), None)


def ended(code: int) -> str:
    """How a process ended, by its exit code: "exit code 3", "signal SIGSEGV: …"."""
    if (known := WINDOWS.get(code & 0xFFFFFFFF)) and not 0 <= code < 256:
        return f"{known} (exit code {code & 0xFFFFFFFF:#x})"
    if code < 0 and -code in {each.value for each in signal.Signals}:
        name = signal.Signals(-code).name
        return f"signal {name}{SIGNALS.get(name, '')}"
    return f"exit code {code}"
