"""A check: its parts, which of them depend on which, and how they run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workshop.checking.assignment import Assignment
from workshop.checking.causes import Cause
from workshop.checking.diagnosis import Diagnosis
from workshop.checking.exchange import Exchange
from workshop.checking.parts import Body, Failed, Part, Run
from workshop.checking.search import Outcome, Search, Trial
from workshop.checking.stage import Stage
from workshop.checking.verdict import Failure, Likely, PartResult, Result, Where, Wrong

FILES = "your files can be run"


@dataclass(frozen=True)
class Task:
    """What is to be checked, and with what it is compared.

    Args:
        stage: the learner's program.
        model: the folder with the step done; without one no place is looked for.
        starter: gives the files of the starter as it came, by name.
        look: whether to look for the place, asked with the title of the part that failed.
        say: is called with a sentence that somebody who waits should read.
    """

    stage: Stage
    model: Path | None = None
    starter: Callable[[], Mapping[str, str]] = dict
    look: Callable[[str], bool] = lambda title: False
    say: Callable[[str], object] = lambda sentence: None


class Check:
    """The check of one step.

    Args:
        step: the step's id.
        files: what the stage must have for the check to make sense.
        causes: what may be behind what the parts see.
        exchanges: whether pieces can be exchanged to find the place; tests of step 13 are no program.
    """

    def __init__(
        self, step: str, *, files: Sequence[str], causes: Sequence[Cause] = (), exchanges: bool = True
    ) -> None:
        self.step, self.files, self.causes, self._exchanges = step, list(files), causes, exchanges
        self.parts: list[Part] = []

    def part(
        self, title: str, *, after: Sequence[Body] | None = None, todo: str = "", timed: bool = False
    ) -> Callable[[Body], Body]:
        """Add a part: a coroutine that raises `Wrong` when the program does not do what the title says.

        Args:
            title: what the program does, as in "the server answers many messages".
            after: the parts without which this one means nothing; the one before it, when not given.
            todo: the TODOs that it rests on, such as "06.3 06.4".
            timed: it measures time: it waits for a quiet machine, and nothing runs beside it.
        """

        def add(body: Body) -> Body:
            before = [self.parts[-1].body] if after is None and self.parts else list(after or ())
            self.parts.append(Part(title, body, tuple(before), tuple(todo.split()), timed))
            return body

        return add

    async def run(
        self,
        task: Task,
        tell: Callable[[PartResult], object] = lambda part: None,
        *,
        first_only: bool = False,
    ) -> Result:
        """Check a program.

        Args:
            tell: is called with each part's result as soon as it is known.
            first_only: run nothing behind the first failure.
        """
        run = Run(task.stage, task.say)
        began, results, missed = time.monotonic(), list[PartResult](), set[Body]()
        if problem := self._preflight(task.stage):
            results.append(PartResult(FILES, "failed", problem))
            tell(results[0])
            missed = {part.body for part in self.parts}
        for part in self.parts:
            result = PartResult(part.title, "not run")
            if part.body not in missed and not missed.intersection(part.before):
                failed = await run.failed(part)
                result = PartResult(part.title, "failed" if failed else "passed")
                if failed:
                    is_first = not any(each.failure for each in results)
                    result = PartResult(
                        part.title, "failed", await self._diagnosed(part, failed, task, is_first)
                    )
            if result.state != "passed":
                missed |= {each.body for each in self.parts} if first_only else {part.body}
            results.append(result)
            tell(result)
        return Result(self.step, tuple(results), round(time.monotonic() - began, 2))

    def closure(self, part: Part) -> list[Part]:
        """A part and those that it rests on, in their order."""
        needed = {part.body}
        for each in reversed(self.parts):
            if each.body in needed:
                needed |= set(each.before)
        return [each for each in self.parts if each.body in needed]

    def _preflight(self, stage: Stage) -> Failure | None:
        try:
            stage.require(self.files)
        except Wrong as wrong:
            reason = Likely(wrong.because, wrong.hint, wrong.place)
            return Failure(wrong.expected, wrong.saw, wrong.symptom, (reason,))
        return None

    async def _diagnosed(self, part: Part, failed: Failed, task: Task, is_first: bool) -> Failure:
        assignment = Assignment(task.starter())
        exchange = Exchange(task.stage, task.model, assignment) if task.model and self._exchanges else None
        diagnosis = Diagnosis(failed.evidence, self.causes, part.todos, assignment, exchange, failed.output)
        where: Where | None = None
        if is_first and exchange and not diagnosis.not_done and task.look(part.title):
            task.say("Looking where …")
            where = await Search(exchange, self._trial(part, failed), alone=part.timed).where()
        return diagnosis.failure(where)

    def _trial(self, part: Part, failed: Failed) -> Trial:
        """How an exchanged program is judged: against what the learner's has shown in this part."""

        async def trial(stage: Stage) -> Outcome:
            run = Run(stage)
            for each in self.closure(part):
                if seen := await run.failed(each):
                    return "same" if each is part and seen.looks_like(failed) else "other"
            return "passed"

        return trial
