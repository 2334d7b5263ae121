"""A check: its parts, which of them depend on which, and how they run."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workshop.checking.assignment import Assignment
from workshop.checking.blame.exchange import Exchange
from workshop.checking.blame.search import Outcome, Search, Trial
from workshop.checking.diagnosis import Diagnosis, Failed
from workshop.checking.evidence.causes import Cause
from workshop.checking.parts import PART_SECONDS, Body, Part, Parts
from workshop.checking.stage import Stage
from workshop.checking.verdict import Failure, Likely, PartResult, Result, Wrong

FILES = "your files can be run"


@dataclass(frozen=True)
class Task:
    """What is to be checked, and with what it is compared.

    Args:
        stage: the learner's program.
        model: the folder with the step done; without one no place is looked for.
        starter: gives the files of the starter as it came, by name.
        look: whether to look for the place, asked with the title of the part that failed.
        say: is called with a sentence for the waiting attendee.
        patience: seconds that all parts together may wait for a calm machine.
    """

    stage: Stage
    model: Path | None = None
    starter: Callable[[], Mapping[str, str]] = dict
    look: Callable[[str], bool] = lambda title: False
    say: Callable[[str], object] = lambda sentence: None
    patience: float = 0.0


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
        self.step, self.files, self.causes, self.exchanges = step, list(files), causes, exchanges
        self.parts: list[Part] = []

    def part(
        self,
        title: str,
        *,
        after: Sequence[Body] = (),
        todo: str = "",
        timed: bool = False,
        early: bool = False,
        seconds: float = PART_SECONDS,
    ) -> Callable[[Body], Body]:
        """Add a part: a coroutine that raises `Wrong` when the program does not do what the title says.

        Args:
            title: what the program does, as in "the server answers many messages".
            after: the parts without which this one means nothing.
            todo: the TODOs that it rests on, such as "06.3 06.4".
            timed: it measures time: it waits for a quiet machine, and nothing runs beside it.
            early: it mostly waits: a whole check begins it at once, beside the parts before it.
            seconds: that it may take at most; its own deadlines are shorter.
        """

        def add(body: Body) -> Body:
            self.parts.append(Part(title, body, tuple(after), tuple(todo.split()), timed, early, seconds))
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
            first_only: run nothing after the first failure.
        """
        return await _Run(self, task, tell, first_only=first_only).result()

    def closure(self, part: Part) -> list[Part]:
        """A part and those that it rests on, in their order."""
        needed = {part.body}
        for each in reversed(self.parts):
            if each.body in needed:
                needed |= set(each.before)
        return [each for each in self.parts if each.body in needed]


class _Run:
    """One run of a check over one program."""

    def __init__(
        self, check: Check, task: Task, tell: Callable[[PartResult], object], *, first_only: bool
    ) -> None:
        self._check, self._task, self._tell, self._first_only = check, task, tell, first_only
        self._assignment = Assignment(task.starter())
        self._parts = Parts(
            task.stage, task.say, partial(self._assignment.still_open, task.stage), task.patience
        )
        self._results, self._missed = list[PartResult](), set[Body]()
        self._begun: dict[Body, asyncio.Task[Failed | None]] = {}

    async def result(self) -> Result:
        """Run every part whose ground holds; nothing of it runs any longer afterwards."""
        began = time.monotonic()
        if problem := self._preflight():
            self._add(PartResult(FILES, "failed", problem), [part.body for part in self._check.parts])
        try:
            await self._run()
        finally:
            for task in self._begun.values():
                task.cancel()
            await asyncio.gather(*self._begun.values(), return_exceptions=True)
        return Result(self._check.step, tuple(self._results), round(time.monotonic() - began, 2))

    async def _run(self) -> None:
        early = [part for part in self._check.parts if part.early and part.body not in self._missed]
        self._begun = {part.body: asyncio.create_task(self._parts.failed(part)) for part in early}
        for part in self._check.parts:
            if part.body in self._missed or self._missed.intersection(part.before):
                self._add(PartResult(part.title, "not run"), [part.body])
            elif failed := await self._failed(part):
                missed = self._check.parts if self._first_only else [part]
                result = PartResult(part.title, "failed", await self._diagnosed(part, failed))
                self._add(result, [each.body for each in missed])
            else:
                self._add(PartResult(part.title, "passed"), [])

    async def _failed(self, part: Part) -> Failed | None:
        if part.timed and self._begun:
            await asyncio.wait(self._begun.values())
        return await (self._begun.get(part.body) or self._parts.failed(part))

    def _add(self, result: PartResult, missed: Sequence[Body]) -> None:
        self._results.append(result)
        self._missed.update(missed)
        self._tell(result)

    def _preflight(self) -> Failure | None:
        try:
            self._task.stage.require(self._check.files)
        except Wrong as wrong:
            reason = Likely(wrong.because, wrong.hint, wrong.place)
            return Failure(wrong.expected, wrong.saw, wrong.symptom, (reason,))
        except OSError as error:
            return Failure(FILES, f"{Path(str(error.filename)).name} cannot be read: {error.strerror}")
        return None

    async def _diagnosed(self, part: Part, failed: Failed) -> Failure:
        task, exchange = self._task, None
        if task.model and self._check.exchanges:
            exchange = Exchange(task.stage, task.model, self._assignment)
        diagnosis = Diagnosis(failed, self._check.causes, part.todos, self._assignment, exchange)
        is_first = not any(each.failure for each in self._results)
        if diagnosis.not_done or not exchange or not is_first or not task.look(part.title):
            return diagnosis.failure()
        task.say("Looking where …")
        return diagnosis.failure(await Search(exchange, self._trial(part, failed), alone=part.timed).where())

    def _trial(self, part: Part, failed: Failed) -> Trial:
        """How an exchanged program is judged: against what the learner's has shown in this part."""

        async def trial(stage: Stage) -> Outcome:
            parts = Parts(stage, excused=partial(self._assignment.still_open, stage))
            for each in self._check.closure(part):
                if seen := await parts.failed(each):
                    return "same" if each is part and seen.looks_like(failed) else "other"
            return "passed"

        return trial
