"""Mutants: solutions and right answers with one small change each, and what their checks say about it."""

import random
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from workshop.checking import answers
from workshop.checking.assignment import Assignment
from workshop.checking.blame.pieces import pieces
from workshop.checking.verdict import Failure, Result
from workshop.maintenance.upkeep.checked import BrokenCheck, checked
from workshop.maintenance.upkeep.mutations import mutations
from workshop.maintenance.upkeep.stages import programs
from workshop.paths import ROOT
from workshop.steps import Step

SOLUTION = "solution"
EQUIVALENTS = ROOT / "workshop" / "checks" / "equivalents.toml"
Fate: TypeAlias = Literal["survived", "placed", "not found", "misplaced", "broken"]


class Mutant(msgspec.Struct, frozen=True):
    """A program with one change."""

    step: Step
    base: str  # "solution", or the name of a right answer
    file: str
    piece: str  # where the change is, such as "World.run"
    kind: str
    line: int
    before: str
    after: str
    source: str  # the whole file with the change

    def __str__(self) -> str:
        change = f"`{self.before}` → `{self.after}`"
        return f"{self.step.id} {self.base}, {self.file}:{self.line} {self.piece}, {self.kind}: {change}"


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that leaves a program as right as before, and why."""

    step: str
    piece: str
    before: str
    after: str
    why: str

    def covers(self, mutant: Mutant) -> bool:
        """Whether the mutant has this change, in any program."""
        own = (self.step, self.piece, self.before, self.after)
        return own == (mutant.step.id, mutant.piece, mutant.before, mutant.after)


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    equivalent: list[Equivalent] = []


def equivalents() -> list[Equivalent]:
    """The changes that no check can notice."""
    return msgspec.toml.decode(EQUIVALENTS.read_bytes(), type=_File).equivalent


class Outcome(msgspec.Struct, frozen=True):
    """The fate of a mutant, and what its check said."""

    mutant: Mutant
    fate: Fate
    said: str = ""


def mutants(step: Step) -> Iterator[Mutant]:
    """Every mutant of a step's solution, and of its right answers."""
    with tempfile.TemporaryDirectory() as root:
        yield from _mutants(step, SOLUTION, step.solution)
        for path in answers.paths("right", step):
            folder = answers.build(path, step, Path(root) / path.stem)
            yield from _mutants(step, path.stem, folder)


def sampled(found: Sequence[Mutant], sample: int | None, seed: int) -> list[Mutant]:
    """A random sample of them, the same for the same seed; all of them without a number."""
    if sample is None or sample >= len(found):
        return list(found)
    return random.Random(seed).sample(found, sample)


def _mutants(step: Step, base: str, folder: Path) -> Iterator[Mutant]:
    """The changes in the code that a learner has to write: in pieces where the starter has a TODO."""
    assignment = Assignment(programs(step.starter))
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    for path, source in sources.items():
        if not _runs(path, sources):
            continue
        for piece in pieces(source).values():
            if assignment.todos_in(path.name, piece.name):
                lines = set(range(piece.first, piece.last + 1)) & _written(step, path.name, source)
                for each in mutations(source, lines):
                    yield Mutant(step, base, path.name, piece.name, *each)


def _runs(path: Path, sources: Mapping[Path, str]) -> bool:
    """Whether it is a program, or another file imports it: a right answer may leave a file unused."""
    imports = rf"\b{path.parent.name}[. ](import )?{path.stem}\b"
    return "__main__" in sources[path] or any(re.search(imports, text) for text in sources.values())


def _written(step: Step, file: str, source: str) -> set[int]:
    """The lines that the starter does not have."""
    starter = {line.strip() for line in (step.starter / file).read_text(encoding="utf-8").splitlines()}
    return {number for number, line in enumerate(source.splitlines(), 1) if line.strip() not in starter}


async def outcome_of(mutant: Mutant) -> Outcome:
    """Check a mutant, in a process of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        folder = _built(mutant, Path(root))
        (folder / mutant.file).write_text(mutant.source, encoding="utf-8")
        try:
            return _judged(mutant, await checked(folder, "--first", "--where"))
        except BrokenCheck as error:
            return Outcome(mutant, "broken", str(error))


def _built(mutant: Mutant, root: Path) -> Path:
    """A copy of the program that is changed."""
    for path in answers.paths("right", mutant.step):
        if path.stem == mutant.base:
            return answers.build(path, mutant.step, root)
    folder = root / "solutions" / mutant.step.id
    shutil.copytree(mutant.step.solution, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder.parent / "__init__.py").touch()
    return folder


def _judged(mutant: Mutant, result: Result) -> Outcome:
    if result.failed is None or result.failed.failure is None:
        return Outcome(mutant, "survived")
    failure = result.failed.failure
    return Outcome(mutant, _placed(mutant, failure), f"{result.failed.title}: {failure.text}")


def _placed(mutant: Mutant, failure: Failure) -> Fate:
    """Whether the check sends the learner to the piece that was changed."""
    spots = [failure.not_done] if failure.not_done else list(failure.where.spots) if failure.where else []
    if not spots:
        return "not found"
    here = any((spot.file, spot.name) == (mutant.file, mutant.piece) for spot in spots)
    return "placed" if here else "misplaced"
