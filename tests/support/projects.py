"""Projects of one's own, made by `workshop new`, and programs in them that see nothing of this checkout."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.processes import TIMEOUT
from workshop.new_project.contents import contents
from workshop.new_project.kinds import kind_of
from workshop.new_project.naming import names_of
from workshop.new_project.placing import place


def make(folder: Path, kind: str) -> Path:
    """Make a project of that kind; return its folder."""
    place(folder, contents(kind_of(kind), names_of(folder)))
    return folder


def alone(project: Path) -> Mapping[str, str]:
    """Return an environment in which Python finds that project and what is installed, and no more of ours."""
    only = {"PYTHONPATH": str(project), "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return {
        **os.environ,
        **only,
        "SDL_VIDEODRIVER": "dummy",
        "HOME": str(project),
        "USERPROFILE": str(project),
    }


def run(project: Path, *words: str | Path, timeout: float = TIMEOUT) -> subprocess.CompletedProcess[str]:
    """Run a module in a project, with this Python, to its end."""
    command = [sys.executable, "-m", *map(str, words)]
    return subprocess.run(
        command, cwd=project, env=alone(project), capture_output=True, encoding="utf-8", timeout=timeout
    )
