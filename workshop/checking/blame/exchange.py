"""Two programs of one step, a learner's and the model's, and copies of each with one piece of the other."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from workshop.checking.assignment import Assignment
from workshop.checking.blame.pieces import MODULE, Piece, Pieces, mentions, pieces
from workshop.checking.blame.splice import accompanied, exchanged
from workshop.checking.sources import bytes_of
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Spot

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
        self.stage, self.model, self._assignment = stage, Stage(model), assignment
        self._model = {path.name: self._as_theirs(path) for path in sorted(model.glob("*.py"))}
        self._models: dict[str, Pieces] = {file: pieces(text) for file, text in self._model.items()}
        self._own = {file: self._pieces(file) for file in self._model}
        self._parts = list(self._different())

    @property
    def differing(self) -> set[str]:
        """The names of the pieces that both have, each in another way."""
        return {part.piece.name for part in self._parts}

    @property
    def todo_parts(self) -> list[Part]:
        """Those in which the starter has a TODO."""
        return [part for part in self._parts if self._spot(*part).todos]

    @property
    def other_parts(self) -> list[Part]:
        """Those in which it has none."""
        return [part for part in self._parts if not self._spot(*part).todos]

    def spots(self, part: Part) -> list[Spot]:
        """Where a part stands in the learner's program, and all of their own that it uses."""
        own = [
            piece
            for name, piece in self._own[part.file].items()
            if name not in self._models[part.file] and name != MODULE and mentions(part.piece.text, piece)
        ]
        return [self._spot(part.file, piece) for piece in (part.piece, *own)]

    def raising(self, trail: Sequence[Place]) -> list[Spot]:
        """The learner's own piece in which an exception was raised: the innermost on its trail."""
        for place in reversed(trail):
            models = self._models.get(place.file, {})
            own = self._own.get(place.file, {}).items()
            new = [it for name, it in own if name not in models or models[name].meaning != it.meaning]
            if found := [spot for it in new if (spot := self._spot(place.file, it)).has(place)]:
                return found
        return []

    def with_models(self, part: Part, root: Path) -> Stage:
        """The learner's program below ``root``, with the model's piece in it."""
        return self._copy(root, {part.file: exchanged(*self._texts(part))})

    def with_company(self, part: Part, root: Path) -> Stage | None:
        """The learner's program with nothing but what the model's piece needs; None when that is nothing."""
        text = accompanied(*self._texts(part))
        is_same = text.strip() == self.stage.source(part.file).strip()
        return None if is_same else self._copy(root, {part.file: text})

    def unchanged(self, root: Path) -> Stage:
        """The learner's program as it is."""
        return self._copy(root, {})

    def with_learners(self, part: Part, root: Path) -> Stage:
        """The model's program below ``root``, with the learner's piece in it, and their other files."""
        source, models, name = self._texts(part)
        return self._copy(root, self._model | {part.file: exchanged(models, source, name)})

    def _texts(self, part: Part) -> tuple[str, str, str]:
        """The learner's file, the model's, and what to exchange."""
        return self.stage.source(part.file), self._model[part.file], part.piece.name

    def _spot(self, file: str, piece: Piece) -> Spot:
        todos = self._assignment.todos_in(file, piece.name)
        return Spot(file, piece.name, piece.first, piece.last, todos)

    def _different(self) -> Iterator[Part]:
        for file, models in self._models.items():
            for name, piece in self._own[file].items():
                if name in models and models[name].meaning != piece.meaning:
                    yield Part(file, piece)

    def _pieces(self, file: str) -> Pieces:
        with suppress(SyntaxError):
            return pieces(self.stage.source(file))
        return {}

    def _as_theirs(self, path: Path) -> str:
        """A file of the model, as if it lay in the learner's tree."""
        return TREE.sub(self.stage.folder.parent.name, path.read_text(encoding="utf-8"))

    def _copy(self, root: Path, files: dict[str, str]) -> Stage:
        """The learner's program below ``root``, with other texts in some files."""
        folder = root / self.stage.folder.parent.name / self.stage.id
        hidden = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(self.stage.folder, folder, ignore=hidden, ignore_dangling_symlinks=True)
        (folder.parent / "__init__.py").touch()
        for name, text in files.items():
            (folder / name).write_bytes(bytes_of(text))
        return Stage(folder)
