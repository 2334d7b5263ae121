"""What a check says: what was expected, what was seen, why that is likely, and what to try."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

State: TypeAlias = Literal["passed", "failed", "not run"]


class Place(msgspec.Struct, frozen=True):
    """A line of somebody's program: the file's name in its stage, the line's number, the line itself."""

    file: str
    line: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Trouble(msgspec.Struct, frozen=True):
    """Something that went wrong inside their program.

    Args:
        kind: "crashed" (the program ended by it), "logged" (a library caught it and went on), "warning", or
            "blocked" (the event loop stood still at that line).
        name: the exception's type, such as "KeyError"; for "blocked" the seconds.
        place: the innermost line of theirs; None when there is none.
        trail: all lines of theirs on the way, outermost first.
    """

    kind: Literal["crashed", "logged", "warning", "blocked"]
    name: str
    message: str
    place: Place | None = None
    trail: tuple[Place, ...] = ()

    def __str__(self) -> str:
        if self.kind == "blocked":
            return f"the event loop stood still for {float(self.name):.1f} s"
        return f"{self.name}: {self.message}" if self.message else self.name


class Wrong(Exception):
    """A part of a check is not met.

    Args:
        expected: what should have happened, in the words of the step.
        saw: what happened, with the numbers and words that were seen.
        cause: why that is likely.
        place: the line that is likely to blame.
        hint: what to try.
        sure: the cause is right even when their program had an exception meanwhile; otherwise that exception
            is named as the cause, since it usually is.
    """

    def __init__(
        self,
        expected: str,
        saw: str,
        cause: str,
        *,
        hint: str,
        place: Place | None = None,
        sure: bool = False,
    ) -> None:
        super().__init__(f"{expected}; saw: {saw}")
        self.expected, self.saw, self.cause = expected, saw, cause
        self.place, self.hint, self.sure = place, hint, sure


class Failure(msgspec.Struct, frozen=True):
    """A `Wrong`, ready to be shown, with what their program said meanwhile."""

    expected: str
    saw: str
    cause: str
    hint: str
    place: Place | None = None
    trouble: Trouble | None = None
    output: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All words of the diagnosis, without what their program printed."""
        return "\n".join((self.expected, self.saw, self.cause, str(self.place or ""), self.hint))


class PartResult(msgspec.Struct, frozen=True):
    """What became of one part of a check."""

    title: str
    state: State
    failure: Failure | None = None


class Result(msgspec.Struct, frozen=True):
    """What a check found.

    Args:
        step: the step's id.
        seconds: that it took.
    """

    step: str
    parts: tuple[PartResult, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """True when there are parts, and every one is."""
        return bool(self.parts) and all(part.state == "passed" for part in self.parts)

    @property
    def failed(self) -> PartResult | None:
        """The first part that failed; None when all passed."""
        return next((part for part in self.parts if part.state == "failed"), None)

    def as_json(self) -> bytes:
        """For programs."""
        return msgspec.json.encode(self)
