"""Steps with only their first TODOs done, as attendees have them most of the time."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.todo_blocks import as_starter, blocks, fill
from workshop.course.todos import todos
from workshop.steps import Step


def stops(step: Step) -> Iterator[int]:
    """After how many TODOs a learner may stop before the last; those of one block are done together."""
    ends = {max(_position(step, name) for name in names) + 1 for names in _blocks(step)}
    yield from sorted(end for end in ends if end < len(todos(step)) and _is_whole(step, end))


def next_after(step: Step, done: int) -> str:
    """The number of the TODO that comes after the first ``done``."""
    return todos(step)[done]


def build(step: Step, done: int, root: Path) -> Path:
    """Make the step's starter below ``root`` with the first ``done`` TODOs done, and return its folder."""
    folder = root / "starter" / step.id
    shutil.copytree(step.starter, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder.parent / "__init__.py").touch()
    for file in folder.glob("*.py"):
        starter = file.read_text(encoding="utf-8")
        solution = (step.solution / file.name).read_text(encoding="utf-8")
        lines = starter.splitlines()
        for one in reversed(fill(starter, solution) or []):
            if max(_position(step, name) for name in one.block.names) < done:
                lines[one.block.first : one.block.end] = one.solution
        begun = as_starter("\n".join(lines)).splitlines()
        file.write_text("".join(f"{line}\n" for line in begun), encoding="utf-8")
    return folder


def _blocks(step: Step) -> Iterator[tuple[str, ...]]:
    for file in sorted(step.starter.glob("*.py")):
        yield from (block.names for block in blocks(file.read_text(encoding="utf-8")))


def _is_whole(step: Step, done: int) -> bool:
    """Whether no block has TODOs on both sides."""
    return all(len({_position(step, name) < done for name in names}) == 1 for names in _blocks(step))


def _position(step: Step, name: str) -> int:
    return todos(step).index(name)
