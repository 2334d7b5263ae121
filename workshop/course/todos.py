"""The TODOs of a step, and which of them are still in the attendee's files."""

import contextlib
import re
from pathlib import Path

import click

from workshop.steps import Step

MARK = re.compile(r"#\s*TODO\s+(\d\d\.\d+)")


class NoTodo(click.UsageError):
    """The step has no TODO with that number; the text names those that it has."""


def todos(step: Step) -> list[str]:
    """The numbers of a step's TODOs, such as "02.1", in order."""
    return sorted(step.hints, key=lambda todo: int(todo.partition(".")[2]))


def open_todos(step: Step, folder: Path) -> list[str]:
    """The TODOs whose mark is still in a file of the folder."""
    marks = {mark for file in sorted(folder.glob("*.py")) for mark in MARK.findall(_text(file))}
    return [todo for todo in todos(step) if todo in marks]


def find_todo(step: Step, typed: str) -> str:
    """The TODO that the attendee means by "02.1", "2.1" or "1".

    Raises:
        NoTodo: the step has no such TODO.
    """
    for todo in todos(step):
        if typed.strip().lstrip("0") in (todo.lstrip("0"), todo.partition(".")[2]):
            return todo
    raise NoTodo(f"Step {step.number} has no TODO {typed!r}. It has {', '.join(todos(step))}.")


def _text(file: Path) -> str:
    with contextlib.suppress(OSError):
        return file.read_text(encoding="utf-8", errors="replace")
    return ""
