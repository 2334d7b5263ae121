"""Every program against its check.

Starters fail; solutions and right answers pass. For each mistake the check says what it must, and nothing
that it must not. A learner with a half-done step reads what is not done yet.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from workshop.checking import answers
from workshop.checking.check import FILES
from workshop.checking.verdict import Failure, Result, Where
from workshop.maintenance.upkeep import half_done
from workshop.maintenance.upkeep.checked import BrokenCheck, checked
from workshop.steps import Step

Kind: TypeAlias = Literal["starter", "solution", "wrong", "right", "begun"]


class Case(msgspec.Struct, frozen=True):
    """One program to be checked."""

    step: Step
    kind: Kind
    path: Path  # a stage, or an answer from which a stage is made
    done: int = 0  # for a begun step, how many of its TODOs are done

    @property
    def name(self) -> str:
        """Its name in messages."""
        own = {"wrong": self.path.stem, "right": self.path.stem, "begun": f"with {self.done} TODOs done"}
        return f"{self.step.id} {self.kind} {own.get(self.kind, '')}".strip()

    @property
    def place(self) -> str:
        """The piece that the search must find; empty for none."""
        return answers.read(self.path).place if self.kind == "wrong" else ""

    def build(self, root: Path) -> Path:
        """The folder to check; if it must be made first, it is made below ``root``.

        Raises:
            BadAnswer: an answer does not fit the solution.
        """
        if self.kind == "begun":
            return half_done.build(self.step, self.done, root)
        return answers.build(self.path, self.step, root) if self.kind in ("wrong", "right") else self.path


class Outcome(msgspec.Struct, frozen=True):
    """What its check said, or the ``error`` for which it could not run at all."""

    case: Case
    result: Result | None
    error: str = ""


def cases(step: Step) -> Iterator[Case]:
    """All programs of a step that can be checked."""
    yield Case(step, "starter", step.starter)
    yield Case(step, "solution", step.solution)
    yield from (Case(step, "wrong", path) for path in answers.paths("wrong", step))
    yield from (Case(step, "right", path) for path in answers.paths("right", step))
    yield from (Case(step, "begun", step.starter, done) for done in half_done.stops(step))


async def outcome_of(case: Case) -> Outcome:
    """Check a program, in a process of its own."""
    # All parts run for a begun step: some of them must pass.
    flags = [*([] if case.done else ["--first"]), *(["--where"] if case.place else [])]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        try:
            return Outcome(case, await checked(case.build(Path(root)), *flags))
        except (answers.BadAnswer, BrokenCheck, msgspec.MsgspecError, OSError) as error:
            return Outcome(case, None, str(error))


def problems(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What is wrong, in one sentence each."""
    yield from (f"{outcome.case.name}: {text}" for outcome, text in _found(outcomes))


def doubtful(outcomes: Sequence[Outcome]) -> list[Case]:
    """The programs that failed."""
    return list({outcome.case.name: outcome.case for outcome, _ in _found(outcomes)}.values())


def _found(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, str]]:
    for outcome in outcomes:
        if outcome.result is None:
            yield outcome, outcome.error
        else:
            yield from ((outcome, text) for text in _judged(outcome.case, outcome.result))


def _judged(case: Case, result: Result) -> Iterator[str]:
    failed = result.failed
    if case.kind in ("solution", "right"):
        if failed and failed.failure:
            yield f"fails at {failed.title!r}: {failed.failure.text}"
    elif failed is None or failed.failure is None:
        yield "passes, and should not"
    elif case.kind == "starter":
        trouble = failed.failure.trouble
        if failed.title == FILES or (trouble and trouble.kind == "crashed"):
            yield f"cannot be run: {failed.failure.text}"
    elif case.kind == "begun":
        yield from _guided(case, result, failed.failure)
    else:
        yield from _diagnosed(answers.read(case.path), failed.title, failed.failure)


def _guided(case: Case, result: Result, failure: Failure) -> Iterator[str]:
    """What is wrong with the advice to a learner who has done the first few TODOs."""
    following = half_done.next_after(case.step, case.done)
    if failure.not_done is None or following not in failure.not_done.todos:
        yield f"is not told that TODO {following} is not done yet: {failure.text}"
    if not any(part.state == "passed" for part in result.parts):
        yield "passes no part at all"


def _diagnosed(answer: answers.Answer, title: str, failure: Failure) -> Iterator[str]:
    text = failure.text
    if title != answer.part:
        yield f"fails at {title!r}, not at {answer.part!r}: {text}"
    elif missing := [word for word in answer.says if not _says(text, word)]:
        yield f"the diagnosis does not say {missing}: {text}"
    elif untrue := [word for word in answer.never if _says(text, word)]:
        yield f"the diagnosis says {untrue}: {text}"
    elif answer.place and answer.place not in [spot.name for spot in (failure.where or Where()).spots]:
        yield f"the place that was found is not {answer.place}: {text}"
    if not answer.says or not answer.mistake:
        yield "it does not say what the mistake is, and what the diagnosis must say"


def _says(text: str, words: str) -> bool:
    return " ".join(words.lower().split()) in " ".join(text.lower().split())
