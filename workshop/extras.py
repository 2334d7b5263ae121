"""What few commands need is installed at the moment when one of them asks for it."""

import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement

from workshop.bootstrap.install import add
from workshop.bootstrap.start import is_inside
from workshop.bootstrap.trouble import SetupError
from workshop.errors import WorkshopError
from workshop.paths import ROOT


class NotInstalled(WorkshopError):
    """Packages are missing, and could not be had; the text says what to do."""


def need(extra: str) -> None:
    """Have what an extra of pyproject.toml names: it is installed when it is missing.

    Raises:
        NotInstalled: it cannot be, or this is an environment of somebody's own.
    """
    missing = [str(wanted) for wanted in named(extra) if not is_here(wanted)]
    if not missing:
        return
    if not is_inside(ROOT / ".venv"):
        packages = " ".join(f'"{wanted}"' for wanted in missing)
        raise NotInstalled(f"This Python lacks packages. Type: {sys.executable} -m pip install {packages}")
    try:
        add(ROOT, missing)
    except SetupError as error:
        raise NotInstalled(str(error)) from error


def named(extra: str) -> Iterator[Requirement]:
    """What an extra names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return map(Requirement, project["optional-dependencies"].get(extra, []))


def is_here(wanted: Requirement) -> bool:
    """Whether a package is installed, in a version that will do."""
    try:
        return wanted.specifier.contains(version(wanted.name), prereleases=True)
    except PackageNotFoundError:
        return False
