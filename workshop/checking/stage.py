"""Where a program that is checked lies, and what can be read from its source.

Source is read to say *where* a mistake is, never to decide *whether* there is one.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from workshop.bootstrap.shadows import hiding, whose
from workshop.checking.sources import flaw_of, lines_of, text_of, tree_of
from workshop.checking.verdict import Place, Wrong
from workshop.terminal.console import command


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

    @property
    def files(self) -> list[str]:
        """The names of its Python files, in the order of the alphabet."""
        return sorted(path.name for path in self.folder.glob("*.py") if path.name != "__init__.py")

    def place(self, file: str, line: int) -> Place:
        """A line of a file."""
        lines = lines_of(self.source(file))
        return Place(file, line, lines[line - 1].strip() if 0 < line <= len(lines) else "")

    def source(self, file: str) -> str:
        """The text of a file; empty when it cannot be read."""
        try:
            return text_of((self.folder / file).read_bytes())
        except OSError:
            return ""

    def find(self, file: str, pattern: str) -> Place | None:
        """The first line of a file that a regular expression matches."""
        for number, line in enumerate(lines_of(self.source(file)), 1):
            if re.search(pattern, line) and not line.lstrip().startswith("#"):
                return Place(file, number, line.strip())
        return None

    def calls(self, file: str, *names: str) -> Iterator[Place]:
        """Every line that calls one of these by its dotted name, such as "time.sleep"."""
        for node in ast.walk(self.tree(file)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in names:
                yield self.place(file, node.lineno)

    def function(self, file: str, name: str) -> Place | None:
        """The line where a function or method of this name begins."""
        for node in ast.walk(self.tree(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                return self.place(file, node.lineno)
        return None

    def tree(self, file: str) -> ast.Module:
        """The file's syntax; empty when it is not Python."""
        return tree_of(self.source(file))

    def require(self, files: list[str]) -> None:
        """Look whether the stage can be run at all.

        Raises:
            Wrong: a file is missing, is not Python, or hides a module.
        """
        for file in files:
            if not (self.folder / file).is_file():
                raise self._missing(file)
        used = self._used(files)
        for file in used:
            self._read(file)
        for path, name in [*hiding(str(self.root)), *hiding(str(self.folder))]:
            if Path(path).name not in used:
                raise self._hides(Path(path).relative_to(self.root).as_posix(), name)

    def _used(self, files: list[str]) -> list[str]:
        """These files, and those of the stage that they import."""
        used = list(files)
        for file in used:  # it grows meanwhile
            used += dict.fromkeys(found for found in self._imported(file) if found not in used)
        return used

    def _imported(self, file: str) -> Iterator[str]:
        for node in ast.walk(self.tree(file)):
            if isinstance(node, ast.ImportFrom) and (node.level or f"{node.module}".startswith(self.package)):
                names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
                yield from (f"{name}.py" for name in names if f"{name}.py" in self.files)

    def _missing(self, file: str) -> Wrong:
        expected = f"a file {file} in {self.folder.parent.name}/{self.id}"
        saw = "it is not there"
        return Wrong(expected, saw, because="it was deleted, renamed or moved", hint=self._brings_back())

    def _hides(self, file: str, name: str) -> Wrong:
        saw = f"{file} hides {whose(name)} module {name}"
        because = "a program that is started in this folder imports your file instead of the module"
        return Wrong("no file hides a module", saw, because=because, hint=f"give {file} another name")

    def _read(self, file: str) -> None:
        if flaw := flaw_of((self.folder / file).read_bytes()):
            place = self.place(file, flaw.line)
            hint = flaw.hint or self._brings_back()
            raise Wrong(f"{file} is a Python program", flaw.saw, because=flaw.because, place=place, hint=hint)

    def _brings_back(self) -> str:
        return f"{command('reset', str(int(self.id[4:6])))} brings it back, and keeps a backup"
