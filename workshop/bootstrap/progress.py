"""How far pip is with a folder of wheels. It does not say so itself, so we look at what it has written."""

import re
from pathlib import Path

BAR_COLUMNS = 24
LOOKED_AT = 0.3  # the share of the work that is done when pip has looked at every wheel; then it unpacks
NEVER_WHOLE = 0.99  # the most to show until pip has ended

# In a wheelhouse, but not installed: the environment has pip already, and setuptools only builds.
NOT_INSTALLED = {"pip", "setuptools"}


def progress(venv: Path, packages: int, log: Path) -> float:
    """How much of an installation is done, from 0 to 1: of how many packages, by pip's output in the log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    return share(looked_at(text), _installed(venv), max(1, packages))


def share(looked_at: int, installed: int, packages: int) -> float:
    """The share that is done, when pip has looked at and installed this many of the packages."""
    part = LOOKED_AT * looked_at + (1 - LOOKED_AT) * installed
    return min(NEVER_WHOLE, part / packages)


def looked_at(log: str) -> int:
    """How many wheels pip has found, from its log."""
    return len(set(re.findall(r"Processing \S*?([\w.]+)-\d\S*\.whl", log)))


def packages_in(wheelhouse: Path) -> int:
    """How many packages a wheelhouse has; it may have each of them for several Pythons."""
    names = {file.name.split("-")[0].lower() for file in wheelhouse.glob("*.whl")}
    return len(names - NOT_INSTALLED)


def bar(done: float) -> str:
    """A bar in plain letters: `[#####.....]  50%`."""
    full = round(done * BAR_COLUMNS)
    return f"[{'#' * full}{'.' * (BAR_COLUMNS - full)}] {done:4.0%}"


def _installed(venv: Path) -> int:
    folders = [*venv.glob("lib/python*/site-packages"), venv / "Lib" / "site-packages"]
    found = {file.name.split("-")[0].lower() for folder in folders for file in folder.glob("*.dist-info")}
    return len(found - NOT_INSTALLED)
