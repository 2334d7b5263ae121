"""Wrong and right answers: programs that keep the checks honest.

Each is a solution with something else instead of some lines, or of whole files:
`checks/STEP/wrong/NAME.toml`.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from workshop.steps import Step

CHECKS = Path(__file__).parents[1] / "checks"
Kind: TypeAlias = Literal["wrong", "right"]


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In a file of the solution, other text instead of some that occurs once, or of all of it."""

    file: str
    new: str
    old: str = ""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody might hand in.

    Args:
        mistake: of a wrong answer, in one sentence.
        how: a right answer does it, in one sentence.
        part: title of the part that a wrong answer must fail first.
        says: words that the diagnosis of a wrong answer must contain, capitals aside.
        never: words that it must not contain: a cause that is not its own.
        place: the piece that the search must find, such as "World.run"; without one it is not looked for.
    """

    mistake: str = ""
    how: str = ""
    part: str = ""
    says: list[str] = []
    never: list[str] = []
    place: str = ""
    change: list[Change] = []


class BadAnswer(ValueError):
    """An answer does not fit the solution; the text says where."""


def paths(kind: Kind, step: Step, checks: Path = CHECKS) -> Iterator[Path]:
    """The answers of a step, wrong or right."""
    yield from sorted((checks / step.id / kind).glob("*.toml"))


def read(path: Path) -> Answer:
    """Read an answer."""
    return msgspec.toml.decode(path.read_bytes(), type=Answer)


def build(path: Path, step: Step, root: Path) -> Path:
    """Make a stage of an answer below ``root``, and return its folder.

    Raises:
        BadAnswer: what it changes is not in the solution exactly once.
    """
    folder = root / "solutions" / step.id
    shutil.copytree(step.solution, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "solutions" / "__init__.py").touch()
    for change in read(path).change:
        _apply(change, folder / change.file, path.name)
    return folder


def _apply(change: Change, file: Path, name: str) -> None:
    source = file.read_text(encoding="utf-8")
    if not change.old:
        file.write_text(change.new, encoding="utf-8")
    elif (times := source.count(change.old)) != 1:
        raise BadAnswer(f"{name}: {change.file} has {change.old!r} {times} times, not once")
    else:
        file.write_text(source.replace(change.old, change.new), encoding="utf-8")
