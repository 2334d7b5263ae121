"""The workshop's steps, as `steps.toml` has them: order, minutes, tracks, files, hints."""

from __future__ import annotations

import difflib
import re
from functools import cache
from pathlib import Path

import msgspec

from workshop.errors import WorkshopError
from workshop.paths import OURS, ROOT

STEPS_FILE = OURS / "steps.toml"
GUIDES = OURS / "guides"
CHANCE = 0.6  # similarity (0 to 1) from which we take a mistyped word for one of ours


class UnknownStep(WorkshopError):
    """There is no such step; the text names the nearest, or the range."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One step.

    Args:
        id: such as "step02_echo".
        minutes: the time to plan for it in a class.
        tracks: the courses that include it.
        files: the files that the attendee edits, in order.
        run: the programs that `run` starts, in order.
        hints: three for each TODO ("02.1"); the last is almost the solution's line.
        extra: the extra of pyproject.toml that its programs and its check need; most need none.
    """

    id: str
    title: str
    teaches: str
    minutes: int
    tracks: list[str]
    files: list[str]
    run: list[str]
    hints: dict[str, list[str]] = {}
    extra: str = ""

    @property
    def number(self) -> str:
        """Its two digits: "02"."""
        return self.id[4:6]

    @property
    def short(self) -> str:
        """Its number as users type it: "2"."""
        return str(int(self.number))

    @property
    def checkout(self) -> Path:
        """The folder that has its starter and its solution."""
        return self.starter.parents[1]

    @property
    def starter(self) -> Path:
        """The folder that the attendee works in."""
        return ROOT / "starter" / self.id

    @property
    def solution(self) -> Path:
        """The folder with the step done."""
        return ROOT / "solutions" / self.id

    @property
    def guide(self) -> Path:
        """The guide, as Markdown."""
        return GUIDES / f"{self.id}.md"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    step: list[Step]
    tracks: dict[str, str]


@cache
def _file() -> _File:
    return msgspec.toml.decode(STEPS_FILE.read_bytes(), type=_File)


def all_steps() -> list[Step]:
    """Every step, in order."""
    return list(_file().step)


def tracks() -> dict[str, str]:
    """Every course: its name, and one line about it."""
    return dict(_file().tracks)


def following(step: Step) -> Step | None:
    """The step after this one; None after the last."""
    steps = all_steps()
    place = steps.index(step) + 1
    return steps[place] if place < len(steps) else None


def find(typed: str) -> Step:
    """The step that the user means by "2", "02", "step02_echo" or "echo".

    Raises:
        UnknownStep: there is no such step; the text has the nearest name.
    """
    word = typed.strip().lower()
    number = re.fullmatch(r"(?:step)?\s*0*(\d{1,2})(?:_\w*)?", word)
    for step in all_steps():
        if word in (step.id, step.id[7:]) or (number and int(number[1]) == int(step.number)):
            return step
    raise UnknownStep(_unknown(typed, word))


def _unknown(typed: str, word: str) -> str:
    steps = all_steps()
    names = {name: step for step in steps for name in (step.id, step.id[7:], step.title.lower())}
    near = difflib.get_close_matches(word, names, n=1, cutoff=CHANCE)
    if near:
        step = names[near[0]]
        return f"There is no step {typed!r}. Did you mean {int(step.number)} ({step.id})?"
    return f"There is no step {typed!r}. They go from {int(steps[0].number)} to {int(steps[-1].number)}."
