"""Every program against its check: starters fail, solutions and right answers pass, and each mistake gets
its own diagnosis."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from workshop.bootstrap.start import ROOT
from workshop.checking import answers
from workshop.checking.check import FILES
from workshop.checking.verdict import Result
from workshop.steps import Step

Kind: TypeAlias = Literal["starter", "solution", "wrong", "right"]
LIMIT_SECONDS = 120.0  # for one check; it ends long before


class Case(msgspec.Struct, frozen=True):
    """One program to be checked; ``path`` is a stage, or an answer that a stage is made of."""

    step: Step
    kind: Kind
    path: Path

    @property
    def name(self) -> str:
        """What to call it."""
        return (
            f"{self.step.id} {self.kind} {self.path.stem if self.kind in ('wrong', 'right') else ''}".strip()
        )


class Outcome(msgspec.Struct, frozen=True):
    """What its check said; ``error`` when it could not be run at all."""

    case: Case
    result: Result | None
    error: str = ""


def cases(step: Step) -> Iterator[Case]:
    """Everything of a step that can be checked."""
    yield Case(step, "starter", step.starter)
    yield Case(step, "solution", step.solution)
    yield from (Case(step, "wrong", path) for path in answers.paths("wrong", step))
    yield from (Case(step, "right", path) for path in answers.paths("right", step))


async def run(
    todo: Sequence[Case], *, jobs: int, tell: Callable[[Outcome], object] = lambda outcome: None
) -> list[Outcome]:
    """Check them all, ``jobs`` at a time, each in a process of its own."""
    places = asyncio.Semaphore(jobs)

    async def one(case: Case) -> Outcome:
        async with places:
            outcome = await _checked(case)
        tell(outcome)
        return outcome

    return await asyncio.gather(*map(one, todo))


async def _checked(case: Case) -> Outcome:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        folder = case.path
        if case.kind in ("wrong", "right"):
            try:
                folder = answers.build(case.path, case.step, Path(root))
            except (answers.BadAnswer, msgspec.MsgspecError, OSError) as error:
                return Outcome(case, None, str(error))
        return await _run(case, folder)


async def _run(case: Case, folder: Path) -> Outcome:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "workshop.checking.run", str(folder), "--first"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(), LIMIT_SECONDS)
        return Outcome(case, msgspec.json.decode(out, type=Result))
    except TimeoutError:
        return Outcome(case, None, f"the check had not ended after {LIMIT_SECONDS:.0f} s")
    except msgspec.MsgspecError:
        return Outcome(case, None, f"the check failed itself: {err.decode(errors='replace').strip()[-800:]}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def problems(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What is not as it should be, in one sentence each."""
    yield from (f"{outcome.case.name}: {text}" for outcome, text in _found(outcomes))


def doubtful(outcomes: Sequence[Outcome]) -> list[Case]:
    """The programs with which something is wrong."""
    return list({outcome.case.name: outcome.case for outcome, _ in _found(outcomes)}.values())


def _found(outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, str]]:
    for outcome in outcomes:
        if outcome.result is None:
            yield outcome, outcome.error
        else:
            yield from ((outcome, text) for text in _judged(outcome.case, outcome.result))
    for step in {outcome.case.step.id for outcome in outcomes}:
        yield from _mixed_up([o for o in outcomes if o.case.step.id == step and o.case.kind == "wrong"])


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
    else:
        yield from _diagnosed(answers.read(case.path), failed.title, failed.failure.text)


def _diagnosed(answer: answers.Answer, title: str, text: str) -> Iterator[str]:
    if title != answer.part:
        yield f"fails at {title!r}, not at {answer.part!r}: {text}"
    elif missing := [word for word in answer.says if not _says(text, [word])]:
        yield f"the diagnosis does not say {missing}: {text}"
    if not answer.says or not answer.mistake:
        yield "it does not say what the mistake is, and what the diagnosis must say"


def _mixed_up(wrong: Sequence[Outcome]) -> Iterator[tuple[Outcome, str]]:
    """Diagnoses that would also do for another mistake of the same step."""
    for outcome in wrong:
        failed = outcome.result.failed if outcome.result else None
        for other in wrong:
            if other is outcome or failed is None or failed.failure is None:
                continue
            if _says(failed.failure.text, answers.read(other.case.path).says):
                yield outcome, f"gets the diagnosis of {other.case.path.stem}: {failed.failure.text}"


def _says(text: str, words: Sequence[str]) -> bool:
    return all(" ".join(word.lower().split()) in " ".join(text.lower().split()) for word in words)
