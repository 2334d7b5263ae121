"""What a check says: what was expected, what was seen, why that is likely, and what to try."""

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
            "blocked" (the event loop stood still at that line), or "asleep" (the program has slept there over
            and over, while the loop had no turn).
        name: the exception's type, such as "KeyError"; for "blocked" and "asleep" the seconds.
        place: the innermost of the learner's lines; None when there is none.
        trail: all the learner's lines on the way, outermost first.
    """

    kind: Literal["crashed", "logged", "warning", "blocked", "asleep"]
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
        symptom: what kind of failure that is, such as "too_far": the causes that may be behind it are rows of
            the step's `causes.py`.
        because: the reason, only where what was seen proves it; then no other cause is looked for.
        hint: what to try, beside ``because``.
        place: the line, beside ``because``.
    """

    def __init__(
        self,
        expected: str,
        saw: str,
        symptom: str = "",
        *,
        because: str = "",
        hint: str = "",
        place: Place | None = None,
    ) -> None:
        super().__init__(f"{expected}; saw: {saw}")
        self.expected, self.saw, self.symptom = expected, saw, symptom
        self.because, self.hint, self.place = because, hint, place


class Likely(msgspec.Struct, frozen=True):
    """A reason for which there is evidence."""

    cause: str
    hint: str = ""
    place: Place | None = None


class Spot(msgspec.Struct, frozen=True):
    """A piece of their program: "World.run" in world.py, with its lines, and the TODOs in it."""

    file: str
    name: str
    first: int
    last: int
    todos: tuple[str, ...] = ()

    def has(self, place: Place) -> bool:
        """Whether a line is in it."""
        return place.file == self.file and self.first <= place.line <= self.last

    def __str__(self) -> str:
        lines = f"line {self.first}" if self.first == self.last else f"lines {self.first}–{self.last}"
        todo = f" (TODO {', '.join(self.todos)})" if self.todos else ""
        name = self.name if " " in self.name else f"`{self.name}`"
        return f"{name}, {self.file} {lines}{todo}"


class Where(msgspec.Struct, frozen=True):
    """What came of looking for the piece that is to blame.

    Args:
        spots: the pieces that are; none when the place was not found.
        sure: the piece is wrong by itself, and the model's in its place is enough; otherwise one of the two.
    """

    spots: tuple[Spot, ...] = ()
    sure: bool = False

    def __str__(self) -> str:
        if not self.spots:
            return "the place was not found"
        begin = "look first at" if self.sure else "perhaps at"
        one_of = "one of " if len(self.spots) > 1 else ""
        return f"{begin} {one_of}{'; '.join(map(str, self.spots))}"


class Failure(msgspec.Struct, frozen=True):
    """A `Wrong`, ready to be shown.

    Args:
        causes: the reasons for which there is evidence: one of them; none when the reason is not clear.
        where: the piece to look at; None when nobody looked for it.
        todo: the TODO to go on with, such as "06.4"; empty when that is not known.
        not_done: a TODO block that is still the starter's.
        trouble: what went wrong inside their program meanwhile.
        output: the end of what it printed.
    """

    expected: str
    saw: str
    symptom: str = ""
    causes: tuple[Likely, ...] = ()
    where: Where | None = None
    todo: str = ""
    not_done: Spot | None = None
    trouble: Trouble | None = None
    output: tuple[str, ...] = ()

    @property
    def place(self) -> Place | None:
        """The line that is to blame, when there is one cause, and it has one."""
        return self.causes[0].place if len(self.causes) == 1 else None

    @property
    def text(self) -> str:
        """All words of the diagnosis, without what their program printed."""
        causes = [word for each in self.causes for word in (each.cause, str(each.place or ""), each.hint)]
        parts = [self.expected, self.saw, str(self.where or ""), str(self.not_done or ""), *causes]
        return "\n".join(parts)


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
    def todo(self) -> str:
        """The TODO that the first failure names, such as "06.4"; empty when it names none."""
        return self.failed.failure.todo if self.failed and self.failed.failure else ""

    @property
    def failed(self) -> PartResult | None:
        """The first part that failed; None when all passed."""
        return next((part for part in self.parts if part.state == "failed"), None)

    def as_json(self) -> bytes:
        """For programs."""
        return msgspec.json.encode(self)
