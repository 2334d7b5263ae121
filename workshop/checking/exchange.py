"""Two programs of one step, a learner's and the model's, and copies of each with one piece of the other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from workshop.checking.assignment import Assignment
from workshop.checking.pieces import Piece, exchanged, pieces
from workshop.checking.stage import Stage
from workshop.checking.verdict import Spot

TREE = re.compile(r"\b(solutions|starter)(?=[./]step)")


class Part(NamedTuple):
    """A piece that the learner and the model have both, and each in another way."""

    file: str
    piece: Piece


class Exchange:
    """A learner's program beside the model's.

    Args:
        stage: the learner's.
        model: the folder with the step done.
        assignment: what the step asks for.
    """

    def __init__(self, stage: Stage, model: Path, assignment: Assignment) -> None:
        self.stage, self._assignment = stage, assignment
        self._model = {path.name: self._as_theirs(path) for path in sorted(model.glob("*.py"))}
        self._parts = [Part(file, piece) for file, piece in self._shared() if self._differs(file, piece)]

    @property
    def same(self) -> list[str]:
        """The names of the pieces that are the model's."""
        return [piece.name for file, piece in self._shared() if not self._differs(file, piece)]

    @property
    def todo_parts(self) -> list[Part]:
        """Those that differ, and in which the starter has a TODO."""
        return [part for part in self._parts if self.spot(part).todos]

    @property
    def other_parts(self) -> list[Part]:
        """Those that differ, and in which it has none."""
        return [part for part in self._parts if not self.spot(part).todos]

    def spot(self, part: Part) -> Spot:
        """Where a part stands in the learner's program."""
        file, piece = part
        return Spot(file, piece.name, piece.first, piece.last, self._assignment.todos_in(file, piece.name))

    def with_models(self, part: Part, root: Path) -> Stage:
        """The learner's program below ``root``, with the model's piece in it."""
        stage = self._copy(root)
        text = exchanged(self.stage.source(part.file), self._model[part.file], part.piece.name)
        return self._written(stage, {part.file: text})

    def with_learners(self, part: Part, root: Path) -> Stage:
        """The model's program below ``root``, with the learner's piece in it, and their other files."""
        stage = self._copy(root)
        text = exchanged(self._model[part.file], self.stage.source(part.file), part.piece.name)
        return self._written(stage, self._model | {part.file: text})

    def _shared(self) -> Iterator[tuple[str, Piece]]:
        for file, text in self._model.items():
            theirs: dict[str, Piece] = {}
            with suppress(SyntaxError, ValueError):
                theirs = pieces(self.stage.source(file))
            models = pieces(text)
            yield from ((file, piece) for name, piece in theirs.items() if name in models)

    def _differs(self, file: str, piece: Piece) -> bool:
        return pieces(self._model[file])[piece.name].meaning != piece.meaning

    def _as_theirs(self, path: Path) -> str:
        """A file of the model, as if it lay in the learner's tree."""
        return TREE.sub(self.stage.folder.parent.name, path.read_text(encoding="utf-8"))

    def _copy(self, root: Path) -> Stage:
        folder = root / self.stage.folder.parent.name / self.stage.id
        shutil.copytree(self.stage.folder, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        (folder.parent / "__init__.py").touch()
        return Stage(folder)

    def _written(self, stage: Stage, files: dict[str, str]) -> Stage:
        for name, text in files.items():
            (stage.folder / name).write_text(text, encoding="utf-8")
        return stage
