"""Packages that only a few commands need are installed when one of them asks for them."""

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
    """Packages are missing, and could not be installed; the text says what to do."""


def need(extra: str) -> None:
    """Make sure that the packages of an extra in pyproject.toml are here; install those that are missing.

    Raises:
        NotInstalled: they cannot be installed, or this environment belongs to the user.
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
    """The packages of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return map(Requirement, project["optional-dependencies"].get(extra, []))


def is_here(wanted: Requirement) -> bool:
    """Whether a package is installed, in a good enough version."""
    try:
        return wanted.specifier.contains(version(wanted.name), prereleases=True)
    except PackageNotFoundError:
        return False
