"""A project that `workshop new` has made, with its environment ready: nothing is downloaded."""

import site
import subprocess
import sys
import tomllib
import venv
from itertools import chain
from pathlib import Path

from tests.support.processes import ROOT, TIMEOUT
from workshop.bootstrap.interpreter import python_of


def made(folder: Path, kind: str) -> Path:
    """Make a project of a kind, by the command; return its folder."""
    words = [sys.executable, "-m", "workshop", "new", str(folder), "--kind", kind]
    done = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    furnish(folder)
    return folder


def furnish(folder: Path) -> None:
    """Give a project the environment that its first start would make, with the packages that are here."""
    environment = folder / ".venv"
    venv.create(environment)
    [place] = [*environment.glob("lib/python*/site-packages"), *environment.glob("Lib/site-packages")]
    # By a line in a .pth the packages here are found, and not the checkout, which a .pth beside them names.
    (place / "needed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = chain(*project["optional-dependencies"].values())
    (environment / "ready.txt").write_text("\n".join([*project["dependencies"], *extras]), encoding="utf-8")
    assert python_of(environment).exists()
