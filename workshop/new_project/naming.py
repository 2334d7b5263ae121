"""What a new game is called: its folder's name gives the package's, and the title that players read."""

import keyword
import re
import sys
from pathlib import Path
from typing import NamedTuple

from workshop.errors import WorkshopError

LONGEST = 30  # characters: the title is a room's name, in lists and on the window
# What the project itself has beside the game, what it imports, and what it was made with.
TAKEN = {
    *("netlib", "set_up", "play", "test", "tests"),
    *("pygame", "websockets", "msgspec", "ifaddr", "pytest", "pytest_asyncio", "mypy", "pip", "setuptools"),
    *("pluggy", "iniconfig", "packaging", "pygments", "typing_extensions", "pathspec"),  # pytest's, mypy's
    *("workshop", "examples", "solutions", "starter"),
}
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))}


class BadName(WorkshopError):
    """A folder's name from which no package can be named; the text says what would do."""


class Names(NamedTuple):
    """What a game is called.

    Attributes:
        package: in its code: my_game.
        title: for people: My Game.
    """

    package: str
    title: str

    @property
    def room(self) -> str:
        """The name of a class: MyGameRoom."""
        return self.title.replace(" ", "") + "Room"


def names_of(folder: Path) -> Names:
    """Return what a game in that folder is called: the package my_game, also for `my-game` and `My Game`.

    Raises:
        BadName: that would be no name, or one that something else has.
    """
    typed = folder.resolve().name
    words = re.findall(r"[A-Za-z0-9]+", typed)
    package = "_".join(words).lower()
    if problem := _problem(typed, package):
        raise BadName(f"{typed!r} cannot be the name of a game: {problem}. {_advice(words)}")
    return Names(package, package.replace("_", " ").title())


def _problem(typed: str, package: str) -> str | None:
    if re.search(r"[^A-Za-z0-9_ .-]", typed) or not package:
        return "a package's name has letters from a to z, digits and _"
    if package[0].isdigit():
        return "a package's name cannot begin with a digit"
    if len(package) > LONGEST:
        return f"it has more than {LONGEST} characters"
    if keyword.iskeyword(package) or keyword.issoftkeyword(package):
        return "it is a word of Python"
    if package in sys.stdlib_module_names:
        return f"Python has a module {package}, which it would hide"
    if package in TAKEN or package in DEVICES:
        return f"something else is called {package}"
    return None


def _advice(words: list[str]) -> str:
    """Name a folder that would do."""
    near = "_".join(["my", *words]).lower()
    return f"Choose another, such as {near if words and len(near) <= LONGEST else 'my_game'}."
