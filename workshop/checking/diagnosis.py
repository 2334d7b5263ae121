"""From what a check saw to what it says: what is not done yet, the learner's exceptions, causes, places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from workshop.checking.assignment import Assignment
from workshop.checking.blame.exchange import Exchange
from workshop.checking.evidence.causes import Cause, likely
from workshop.checking.evidence.facts import BLOCKED_SECONDS, Evidence
from workshop.checking.lab import is_end_of_connection
from workshop.checking.plain_words import explain
from workshop.checking.verdict import Failure, Likely, Spot, Trouble, Where

NEVER_AWAITED = "RuntimeWarning"


class Failed(NamedTuple):
    """What a part has seen that is not as it should be, and the end of what the programs printed."""

    evidence: Evidence
    output: tuple[str, ...]

    def looks_like(self, other: Failed) -> bool:
        """Whether both are the same kind of failure, with the same exceptions."""
        return self._kind == other._kind

    @property
    def _kind(self) -> tuple[str, set[str]]:
        troubles = self.evidence.troubles
        raised = {each.name for each in troubles if is_exception(each) and not is_end_of_connection(each)}
        return self.evidence.wrong.symptom or self.evidence.wrong.expected, raised


class Diagnosis:
    """What can be said of one failure.

    Args:
        failed: what was seen.
        causes: the step's rows.
        todos: the TODOs that the part rests on.
        exchange: the learner's program beside the model's, where there is one.
    """

    def __init__(
        self,
        failed: Failed,
        causes: Sequence[Cause],
        todos: Sequence[str],
        assignment: Assignment,
        exchange: Exchange | None,
    ) -> None:
        model = exchange.model if exchange else None
        self._evidence, self._output = failed.evidence._replace(model=model), failed.output
        self._rows, self._todos, self._exchange = causes, list(todos), exchange
        self.not_done = self._first_open(assignment)

    def failure(self, where: Where | None = None) -> Failure:
        """All of it, with the place when that was looked for."""
        wrong, where = self._evidence.wrong, where and self._with_raising(where)
        return Failure(
            wrong.expected,
            wrong.saw,
            wrong.symptom,
            () if self.not_done else self._causes(where),
            where,
            self._todo(where),
            self.not_done,
            self.trouble,
            self._output,
        )

    @property
    def trouble(self) -> Trouble | None:
        """What went wrong inside their program, what explains most first."""
        return next(iter(self._evidence.troubles), None)

    def _with_raising(self, where: Where) -> Where:
        """The pieces that were found, and the learner's own piece that raised an exception.

        To a program that is written in another way than the model, the model's pieces are foreign: then one
        that is right can seem to be to blame for what another one raises.
        """
        own = self.trouble
        if not (where.spots and self._exchange and own and is_exception(own)):
            return where
        spots = dict.fromkeys((*where.spots, *self._exchange.raising(own.trail)))
        return Where(tuple(spots), where.sure)

    def _first_open(self, assignment: Assignment) -> Spot | None:
        """The TODO that is not done yet: the part's first, or another one that raised an exception."""
        stage, own = self._evidence.stage, self.trouble
        untouched = assignment.untouched(stage)
        of_part = [spot for spot in untouched if set(spot.todos) & set(self._todos)]
        if own and own.place and is_exception(own):
            if (spot := assignment.still_open(stage, own.place)) and spot not in of_part:
                return spot
            if not spot and assignment.has_todo(stage, own.place):
                return None
        return next(iter(of_part), None)

    def _todo(self, where: Where | None) -> str:
        """The TODO to go on with; the part's own, where it rests on one alone."""
        if self.not_done:
            return next((todo for todo in self.not_done.todos if todo in self._todos), self.not_done.todos[0])
        if where and where.spots and where.spots[0].todos:
            inside = [todo for todo in where.spots[0].todos if todo in self._todos]
            return [*inside, where.spots[0].todos[0]][0]
        return self._todos[0] if len(self._todos) == 1 else ""

    def _causes(self, where: Where | None) -> tuple[Likely, ...]:
        wrong = self._evidence.wrong
        if wrong.because:
            return (Likely(wrong.because, wrong.hint, wrong.place),)
        own = self.trouble if self.trouble and is_exception(self.trouble) else None
        differing = self._exchange.differing if self._exchange else None
        rows = likely(self._rows, self._evidence, where, differing)
        if own:
            return tuple(row for row in rows if own.place and row.place == own.place) or (told(own),)
        if not rows and self.trouble and is_blocked(self.trouble):
            return (told(self.trouble),)
        return rows


def is_exception(trouble: Trouble) -> bool:
    """Whether it is an exception, or the warning that a coroutine was never awaited."""
    return trouble.kind in ("crashed", "logged") or trouble.name == NEVER_AWAITED


def is_blocked(trouble: Trouble) -> bool:
    """Whether an event loop stood still for longer than a busy machine makes it."""
    return trouble.kind == "blocked" and float(trouble.name) >= BLOCKED_SECONDS


def told(trouble: Trouble) -> Likely:
    """Something that went wrong in their program, in plain words where there are some."""
    if is_blocked(trouble):
        return Likely(
            f"{trouble} at this line, so nothing else got a turn",
            "wait with await, so that others run meanwhile: asyncio.sleep instead of time.sleep",
            trouble.place,
        )
    if plain := explain(trouble, trouble.place.text if trouble.place else ""):
        return Likely(plain.cause, plain.hint, trouble.place)
    ended = "your program ended with" if trouble.kind == "crashed" else "your program raised"
    return Likely(f"{ended} {trouble}", "", trouble.place)
