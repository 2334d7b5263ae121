"""What we can see of this Python and of the packages in it."""

import os
import shutil
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from workshop.bootstrap.shadows import FOREIGN, hiding
from workshop.bootstrap.start import PROJECT
from workshop.doctor.python_judge import PythonSeen

STUB_FOLDER = "windowsapps"  # where Windows has the programs that only open its Store


def look_at_python(root: Path) -> PythonSeen:
    """Look at the Python that runs us, for the checkout at ``root``."""
    installed = {str(canonicalize_name(it.name)): it.version for it in distributions() if it.name}
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
    """The folders that PYTHONPATH named before we cleared it, and the files there that hide modules."""
    folders = [folder for folder in os.environ.get(FOREIGN, "").split(os.pathsep) if folder]
    return {folder: [Path(path).name for path, _ in hiding(folder)] for folder in folders}


def wanted(root: Path) -> dict[str, str]:
    """The packages that the project needs: name, and the oldest good version ("" for any)."""
    needed = map(Requirement, _requirements(root))
    return {canonicalize_name(each.name): _oldest(each) for each in needed}


def _oldest(requirement: Requirement) -> str:
    return next((limit.version for limit in requirement.specifier if limit.operator == ">="), "")


def _requirements(root: Path) -> Iterable[str]:
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except OSError:  # no checkout: we are an installed package ourselves
        lists = [found.requires or [] for found in distributions(name=PROJECT)]
        return [requirement for found in lists for requirement in found if "extra" not in requirement]
    return [str(requirement) for requirement in project["dependencies"]]


def _stub() -> str:
    """The command that opens the Store instead of Python on Windows; empty if there is none."""
    if sys.platform != "win32":
        return ""
    return next((name for name in ("python", "python3") if _is_stub(shutil.which(name))), "")


def _is_stub(path: str | None) -> bool:
    """Whether a program is one of those that only open the Store: their files are empty."""
    if path is None or STUB_FOLDER not in path.lower():
        return False
    try:
        return Path(path).lstat().st_size == 0
    except OSError:
        return True
