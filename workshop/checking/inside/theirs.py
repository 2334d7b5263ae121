"""Which lines of a running program are somebody's own, and where in them a thing is."""

import ast
import linecache
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType

from workshop.checking.sources import tree_of
from workshop.checking.verdict import Place

KEPT = 12  # of a trail the innermost places; endless recursion has a thousand
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Theirs:
    """The lines of a stage.

    Args:
        folder: the stage's, with the program's own files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._inside = folder, str(folder) + os.sep

    def owns(self, file: str) -> bool:
        """Whether a file is one of the stage's."""
        return file.startswith(self._inside)

    def place(self, file: str, line: int) -> Place:
        """A line of a file of the stage."""
        name = Path(file).relative_to(self._folder).as_posix()
        return Place(name, line, linecache.getline(file, line).strip())

    def places(self, lines: Iterable[tuple[str, int]]) -> tuple[Place, ...]:
        """Those of some lines that are the stage's."""
        own = [(file, line) for file, line in lines if self.owns(file)]
        return tuple(self.place(file, line) for file, line in own[-KEPT:])

    def innermost(self, frame: FrameType | None) -> Place | None:
        """The innermost line of the stage in a running stack."""
        while frame is not None:
            if self.owns(frame.f_code.co_filename):
                return self.place(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None

    def trail(self, error: BaseException) -> tuple[Place, ...]:
        """Lines of the stage that an exception went through, outermost first."""
        lines = _lines(error)
        if isinstance(error, SyntaxError) and error.filename:
            lines.append((error.filename, error.lineno or 1))
        return self.places(lines)

    def awaiting(self, error: BaseException) -> tuple[Place, ...]:
        """Of the trail the lines before those of a task that was waited for: it was not called in a line."""
        found = self.trail(error)
        names = [
            frame.f_code.co_name
            for frame, _ in traceback.walk_tb(error.__traceback__)
            if self.owns(frame.f_code.co_filename)
        ][-len(found) :]
        for index, (place, below) in enumerate(zip(found, names[1:], strict=False), 1):
            if "await " in place.text and below not in place.text:
                return found[:index]
        return found

    def raised(self, error: BaseException) -> bool:
        """Whether a line of the stage raised it, and no library that the line called."""
        return any(self.owns(file) for file, _ in _lines(error)[-1:])

    def handles(self, error: BaseException) -> bool:
        """Whether it came while the stage's own ``except`` was at work on another exception."""
        own = [(file, line) for file, line in _lines(error) if self.owns(file)]
        return any(first <= line <= last for file, line in own for first, last in _handlers(file))

    def definition(self, name: str) -> Place | None:
        """Where a function or class begins, by its qualified name; None when it is not the stage's."""
        wanted = [part for part in name.split(".") if part != "<locals>"]
        found = (
            self.place(file, line)
            for file in self._files()
            for path, line in _definitions(_tree(file))
            if list(path) == wanted
        )
        return next(found, None)

    def only(self, matches: Callable[[ast.AST], bool]) -> Place | None:
        """The line of the only piece of syntax that matches; None for none, or several."""
        found = [
            (file, getattr(node, "lineno", 1))
            for file in self._files()
            for node in ast.walk(_tree(file))
            if matches(node)
        ]
        return self.place(*found[0]) if len(found) == 1 else None

    def _files(self) -> list[str]:
        """The files of the stage that were loaded."""
        files = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
        return [file for file in dict.fromkeys(files) if self.owns(file)]


def _lines(error: BaseException) -> list[tuple[str, int]]:
    return [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]


def _tree(file: str) -> ast.Module:
    return tree_of("".join(linecache.getlines(file)))


def _handlers(file: str) -> list[tuple[int, int]]:
    """First and last line of every ``except`` clause."""
    clauses = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.ExceptHandler))
    return [(clause.lineno, clause.end_lineno or clause.lineno) for clause in clauses]


def _definitions(node: ast.AST, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every function and class with the names around it, and its line."""
    for child in ast.iter_child_nodes(node):
        path = above
        if isinstance(child, DEFINITIONS):
            path = (*above, child.name)
            yield path, child.lineno
        yield from _definitions(child, path)
