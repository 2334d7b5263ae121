"""What one can have: each kind is a folder of `examples/`."""

import ast
from pathlib import Path
from typing import NamedTuple

from workshop.paths import ROOT

# From the smallest to the largest.
NAMES = ("square", "tables", "pong", "arena", "canvas", "gems")
DEFAULT = "square"


class Kind(NamedTuple):
    """A kind of game.

    Attributes:
        about: one line about it.
        picture: what it looks like, a PNG file.
    """

    name: str
    folder: Path
    about: str
    picture: Path

    @property
    def package(self) -> str:
        """The name under which it is imported in the checkout."""
        return f"examples.{self.name}"


def kind_of(name: str) -> Kind:
    """Return the kind of that name, one of NAMES."""
    folder = ROOT / "examples" / name
    source = (folder / "__init__.py").read_text(encoding="utf-8")
    about = (ast.get_docstring(ast.parse(source)) or name).splitlines()[0].rstrip(".")
    return Kind(name, folder, about, next(folder.glob("*.png")))
