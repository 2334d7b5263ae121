"""Where a program that is checked lies, and what can be read from its source.

Source is read to say *where* a mistake is, never to decide *whether* there is one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from workshop.checking.verdict import Place, Wrong
from workshop.console import command


class Stage:
    """A folder such as ``starter/step02_echo``, in whichever tree it lies.

    Args:
        folder: its parent is a package, and what contains that package is the root of the tree.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.root = self.folder.parents[1]
        self.package = f"{self.folder.parent.name}.{self.folder.name}"
        self.id = self.folder.name

    def source(self, file: str) -> str:
        """The text of a file; empty when it cannot be read."""
        try:
            return (self.folder / file).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def find(self, file: str, pattern: str) -> Place | None:
        """The first line of a file that a regular expression matches."""
        for number, line in enumerate(self.source(file).splitlines(), 1):
            if re.search(pattern, line) and not line.lstrip().startswith("#"):
                return Place(file, number, line.strip())
        return None

    def calls(self, file: str, *names: str) -> Iterator[Place]:
        """Every line that calls one of these by its dotted name, such as "time.sleep"."""
        lines = self.source(file).splitlines()
        for node in ast.walk(self.tree(file)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                yield Place(file, node.lineno, lines[node.lineno - 1].strip())

    def function(self, file: str, name: str) -> Place | None:
        """The line where a function or method of this name begins."""
        for node in ast.walk(self.tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                return Place(file, node.lineno, self.source(file).splitlines()[node.lineno - 1].strip())
        return None

    def tree(self, file: str) -> ast.Module:
        """The file's syntax; empty when it is not Python."""
        try:
            return ast.parse(self.source(file))
        except (SyntaxError, ValueError):
            return ast.Module(body=[], type_ignores=[])

    def require(self, files: list[str]) -> None:
        """Look whether the stage can be run at all.

        Raises:
            Wrong: a file is missing, or is not Python.
        """
        for file in files:
            if not (self.folder / file).is_file():
                raise self._missing(file)
            self._compile(file)

    def _missing(self, file: str) -> Wrong:
        return Wrong(
            f"a file {file} in {self.folder.parent.name}/{self.id}",
            "it is not there",
            "it was deleted, renamed or moved",
            hint=f"{command('reset', str(int(self.id[4:6])))} brings it back, and keeps a backup",
            sure=True,
        )

    def _compile(self, file: str) -> None:
        try:
            compile((self.folder / file).read_bytes(), file, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            lines = self.source(file).splitlines() or [""]
            raise Wrong(
                f"{file} is a Python program",
                f"Python cannot read it: {getattr(error, 'msg', None) or error}",
                "a bracket, quote, colon or indentation is missing or too many, here or in the line above",
                place=Place(file, line, lines[min(line, len(lines)) - 1].strip()),
                hint=f"open {file}, line {line}, and compare it with the lines around it",
                sure=True,
            ) from error
