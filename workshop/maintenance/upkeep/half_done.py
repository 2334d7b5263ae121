"""Steps whose first TODOs are done, as attendees have them most of the time."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.todo_blocks import Filled, as_starter, blocks, fill
from workshop.course.todos import todos
from workshop.steps import Step


def stops(step: Step) -> Iterator[int]:
    """How many TODOs may be done before the last: those of one block are done together."""
    ends = {max(_position(step, name) for name in names) + 1 for names in _blocks(step)}
    yield from sorted(end for end in ends if end < len(todos(step)) and _is_whole(step, end))


def next_after(step: Step, done: int) -> str:
    """The number of the TODO that comes after so many."""
    return todos(step)[done]


def build(step: Step, done: int, root: Path) -> Path:
    """Make the step's starter below ``root`` with so many TODOs done, and return its folder."""
    folder = root / "starter" / step.id
    shutil.copytree(step.starter, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder.parent / "__init__.py").touch()
    for file in folder.glob("*.py"):
        starter = file.read_text(encoding="utf-8")
        solution = (step.solution / file.name).read_text(encoding="utf-8")
        lines = starter.splitlines()
        for one in reversed(fill(starter, solution) or []):
            if _last(step, one) < done:
                lines[one.block.first : one.block.end] = one.solution
        file.write_text(
            "".join(f"{line}\n" for line in as_starter("\n".join(lines)).splitlines()), encoding="utf-8"
        )
    return folder


def _blocks(step: Step) -> Iterator[tuple[str, ...]]:
    for file in sorted(step.starter.glob("*.py")):
        yield from (block.names for block in blocks(file.read_text(encoding="utf-8")))


def _is_whole(step: Step, done: int) -> bool:
    """Whether no block has TODOs on both sides."""
    return all(len({_position(step, name) < done for name in names}) == 1 for names in _blocks(step))


def _last(step: Step, one: Filled) -> int:
    return max(_position(step, name) for name in one.block.names)


def _position(step: Step, name: str) -> int:
    return todos(step).index(name)
