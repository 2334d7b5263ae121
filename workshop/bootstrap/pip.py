"""The pip that installs into `.venv`: one outside of it if possible, since putting one into it takes long."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# pip can install into another environment since 22.3.
CAN_DO = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < (22, 3))"


def pip_for(python: Path) -> list[str]:
    """Return the command that runs pip for an environment: the pip outside of it, or else its own."""
    outside = outside_python()
    return [outside, "-m", "pip", "--python", str(python)] if has_pip(outside) else [str(python), "-m", "pip"]


def outside_python() -> str:
    """Return the Python that is in no environment, wherever we run."""
    return vars(sys).get("_base_executable") or sys.executable


@cache
def has_pip(python: str) -> bool:
    """Return whether a Python has a pip that can install into another environment."""
    try:
        done = subprocess.run([python, "-c", CAN_DO], env=environment(os.environ), capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def environment(ours: Mapping[str, str], *, offline: bool = False) -> dict[str, str]:
    """Return the environment of a step; offline it lacks pip's settings (an index, other folders)."""
    environ = {name: text for name, text in ours.items() if not (offline and name.startswith("PIP_"))}
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"} if offline else {}
    return {**environ, **settings, "PIP_USER": "0", "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
