"""An attendee's progress: when each step was begun and passed, how long it took, and where it fails.

Values only; `progress_file` keeps them. Fields of a newer version that we do not know are kept as they are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from workshop import steps
from workshop.steps import Step

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
State: TypeAlias = Literal["passed", "begun", "to do"]


class BadProgress(ValueError):
    """These bytes are not our progress file; the text says why."""


class Entry(msgspec.Struct):
    """What we know of one step.

    Args:
        started_at: the time of its first `start` or check.
        passed_at: the end of the first check that it passed.
        seconds: from the one to the other.
        checks: how many there were, passed ones included.
        hints: for each TODO ("02.1"), how many of its hints were shown.
        stuck_at: the TODO that the last check located; empty if it located none, or passed.
        failed_part: the title of the part at which the last check failed; empty if it passed.
        failed_times: how many checks in a row have failed at that part.
    """

    started_at: Moment | None = None
    passed_at: Moment | None = None
    seconds: float | None = None
    checks: int = 0
    hints: dict[str, int] = {}
    stuck_at: str = ""
    failed_part: str = ""
    failed_times: int = 0

    @property
    def state(self) -> State:
        """How far the step is, as a word."""
        if self.passed_at:
            return "passed"
        return "begun" if self.started_at else "to do"


class _Known(msgspec.Struct):
    current: str | None = None
    steps: dict[str, Entry] = {}


class Progress:
    """An attendee's progress in all steps; a new one is empty.

    Args:
        raw: the content of the file, unknown keys included.
    """

    def __init__(self, raw: dict[str, Any] | None = None) -> None:
        self._raw = raw or {}
        self._known = msgspec.convert(self._raw, _Known)

    @classmethod
    def from_json(cls, data: bytes) -> Progress:
        """Read what `to_json` has written.

        Raises:
            BadProgress: the bytes are something else.
        """
        try:
            return cls(msgspec.json.decode(data, type=dict[str, Any]))
        except ValueError as error:  # msgspec's own errors, and bytes that are no UTF-8
            raise BadProgress(str(error)) from error

    def to_json(self) -> bytes:
        """JSON that people can read."""
        known = msgspec.to_builtins(self._known)
        before = self._raw.get("steps", {})
        known["steps"] = {step: {**before.get(step, {}), **entry} for step, entry in known["steps"].items()}
        return msgspec.json.format(msgspec.json.encode({**self._raw, **known}), indent=2) + b"\n"

    @property
    def current(self) -> Step:
        """The step that the attendee works on: the one they chose, or else the first that is not passed."""
        for step in steps.all_steps():
            if step.id == self._known.current:
                return step
        return self.first_open or steps.all_steps()[-1]

    @property
    def first_open(self) -> Step | None:
        """The first step that is not passed yet; None when all are."""
        return next((step for step in steps.all_steps() if not self.passed(step)), None)

    def of(self, step: Step) -> Entry:
        """What we know of a step; to read, not to change."""
        return self._known.steps.get(step.id) or Entry()

    def passed(self, step: Step) -> bool:
        """Whether it has ever passed its check."""
        return self.of(step).state == "passed"

    def start(self, step: Step, now: datetime) -> None:
        """Make a step the current one; its time runs from the first time on."""
        self._known.current = step.id
        entry = self._entry(step)
        entry.started_at = entry.started_at or _whole(now)

    def checked(
        self, step: Step, *, passed: bool, began: datetime, ended: datetime, part: str = "", todo: str = ""
    ) -> None:
        """Note that a check has ended. A step that was passed before does not become the current one.

        Args:
            part: the title of the first part that failed.
            todo: the TODO that the check located; empty for none.
        """
        if not self.passed(step):
            self.start(step, began)
        entry = self._entry(step)
        entry.checks += 1
        entry.failed_times = 0 if passed else self.failures_in_a_row(step, part) + 1
        entry.failed_part, entry.stuck_at = ("", "") if passed else (part, todo)
        if passed and entry.passed_at is None:
            entry.passed_at = _whole(ended)
            entry.seconds = max(0.0, (entry.passed_at - (entry.started_at or began)).total_seconds())

    def failures_in_a_row(self, step: Step, part: str) -> int:
        """How many checks of a step, the last ones in a row, have failed at this part."""
        entry = self.of(step)
        return entry.failed_times if part and entry.failed_part == part else 0

    def located(self, step: Step, todo: str) -> None:
        """Note the TODO in which the last check has found the mistake."""
        self._entry(step).stuck_at = todo

    def hint_shown(self, step: Step, todo: str, level: int) -> None:
        """Note that the hints of a TODO were shown up to this level, from 1."""
        hints = self._entry(step).hints
        hints[todo] = max(level, hints.get(todo, 0))

    def forget(self, step: Step) -> None:
        """Forget a step, as if it had never been begun."""
        self._known.steps.pop(step.id, None)

    def seconds(self, step: Step, now: datetime) -> float:
        """How long a step took, or has taken so far; 0.0 if it was never begun."""
        entry = self.of(step)
        if entry.seconds is not None:
            return entry.seconds
        return max(0.0, (now - entry.started_at).total_seconds()) if entry.started_at else 0.0

    def _entry(self, step: Step) -> Entry:
        return self._known.steps.setdefault(step.id, Entry())


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
