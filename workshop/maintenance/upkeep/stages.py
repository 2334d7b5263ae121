"""What must hold for a step's stages: they are small, have the same files, and differ only in their TODOs."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from workshop.checking.todo_blocks import blocks, fill
from workshop.steps import Step

MOST_LINES = 250  # of a stage's files together
TO_WRITE = (10, 40)  # fewest and most lines that a step asks for
HINTS = 3  # for each TODO


class Size(msgspec.Struct, frozen=True):
    """How large a step is: the lines of the starter, those of the solution, and those to write."""

    starter: int
    solution: int
    to_write: int


def programs(folder: Path) -> dict[str, str]:
    """The Python files of a stage: name and text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}


def size(step: Step) -> Size:
    """How large a step's stages are."""
    starter, solution = programs(step.starter), programs(step.solution)
    filled = [fill(text, solution.get(name, "")) or [] for name, text in starter.items()]
    return Size(
        sum(len(text.splitlines()) for text in starter.values()),
        sum(len(text.splitlines()) for text in solution.values()),
        sum(one.to_write for each in filled for one in each),
    )


def todos(step: Step) -> list[str]:
    """The numbers of all TODOs of a step, such as "02.1", in their order."""
    names = [name for text in programs(step.starter).values() for b in blocks(text) for name in b.names]
    return sorted(names, key=lambda name: int(name.partition(".")[2]))


def problems(step: Step) -> Iterator[str]:
    """What is wrong, in one sentence each."""
    starter, solution = programs(step.starter), programs(step.solution)
    if starter.keys() != solution.keys() or not starter:
        yield f"starter has {sorted(starter)}, and solution {sorted(solution)}"
    for name in starter.keys() & solution.keys():
        if fill(starter[name], solution[name]) is None:
            yield f"{name}: starter and solution differ outside of TODO blocks"
    yield from _missing_files(step)
    yield from _sizes(step)
    if todos(step) or step.hints:
        yield from _hints(step)


def _missing_files(step: Step) -> Iterator[str]:
    for name in [*step.files, *(f"{name}.py" for name in step.run)]:
        if not (step.starter / name).is_file():
            yield f"steps.toml names {name}, which the starter does not have"
    for name, text in programs(step.starter).items():
        if blocks(text) and name not in step.files:
            yield f"{name} has TODOs, and steps.toml does not name it in `files`"


def _sizes(step: Step) -> Iterator[str]:
    it = size(step)
    if max(it.starter, it.solution) > MOST_LINES:
        yield f"{it.starter} lines of starter, {it.solution} of solution; {MOST_LINES} is the most"
    if int(step.number) and not TO_WRITE[0] <= it.to_write <= TO_WRITE[1]:
        yield f"{it.to_write} lines to write; {TO_WRITE[0]} to {TO_WRITE[1]} are right"


def _hints(step: Step) -> Iterator[str]:
    names = todos(step)
    if names != [f"{step.number}.{k}" for k in range(1, len(names) + 1)]:
        yield f"the TODOs are not numbered {step.number}.1, {step.number}.2, … but {', '.join(names)}"
    for name in sorted({*names, *step.hints}):
        if name not in names:
            yield f"steps.toml has hints for {name}, and the starter has no such TODO"
        elif len(step.hints.get(name, [])) != HINTS:
            yield f"{name} has {len(step.hints.get(name, []))} hints, not {HINTS}"


def quoted(lines: list[str], source: str) -> bool:
    """Whether the source has these lines in a row; indentation that all of them share does not count."""
    if not any(map(str.strip, lines)):
        return False
    rest = (rf"\n(?P=i){re.escape(line)}" if line.strip() else r"\n[ ]*" for line in lines[1:])
    pattern = rf"^(?P<i>[ ]*){re.escape(lines[0])}{''.join(rest)}$"
    return re.search(pattern, source, re.MULTILINE) is not None
