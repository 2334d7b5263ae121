"""What can be seen of this Python and what is installed in it."""

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

from workshop.bootstrap.shadows import FOREIGN, hiding
from workshop.bootstrap.start import PROJECT
from workshop.doctor.python_judge import PythonSeen

STUB_FOLDER = "windowsapps"  # where Windows keeps the programs that only open its Store


def look_at_python(root: Path) -> PythonSeen:
    """Look at this Python.

    Args:
        root: the checkout.
    """
    installed = {normal(found.name): found.version for found in distributions() if found.name}
    return PythonSeen(
        platform=sys.platform,
        version=sys.version_info[:3],
        executable=sys.executable,
        prefix=sys.prefix,
        is_venv=sys.prefix != sys.base_prefix,
        venv=str(root / ".venv"),
        stub=_stub(),
        installed=installed,
        wanted=wanted(root),
        foreign=_foreign(),
    )


def _foreign() -> dict[str, list[str]]:
    """What PYTHONPATH led to before we put it out of the way: by folder, what in it hides modules."""
    folders = [folder for folder in os.environ.get(FOREIGN, "").split(os.pathsep) if folder]
    return {folder: [Path(path).name for path, _ in hiding(folder)] for folder in folders}


def normal(name: str) -> str:
    """A package's name as it is compared: `pygame_ce` is `pygame-ce`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(root: Path) -> dict[str, str]:
    """The packages that the project needs: name, and the oldest version that will do ("" for any)."""
    return dict(_split(requirement) for requirement in _requirements(root))


def _requirements(root: Path) -> Iterable[str]:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except OSError:  # no checkout: we lie among the installed packages ourselves
        lists = [found.requires or [] for found in distributions(name=PROJECT)]
        return [requirement for found in lists for requirement in found if "extra" not in requirement]
    return [str(requirement) for requirement in project["dependencies"]]


def _split(requirement: str) -> tuple[str, str]:
    name, _, oldest = requirement.partition(">=")
    return normal(re.split(r"[\[;<=!~ ]", name.strip())[0]), re.split(r"[,; ]", oldest.strip())[0]


def _stub() -> str:
    """The name that, typed on Windows, opens the Store instead of Python; empty when there is none."""
    if sys.platform != "win32":
        return ""
    return next((name for name in ("python", "python3") if _is_stub(shutil.which(name))), "")


def _is_stub(path: str | None) -> bool:
    """Whether a program is one of those that only open the Store: they have no bytes."""
    if path is None or STUB_FOLDER not in path.lower():
        return False
    try:
        return Path(path).lstat().st_size == 0
    except OSError:
        return True
