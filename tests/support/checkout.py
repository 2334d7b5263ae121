"""A checkout of its own for a test: commands run as from the real one, and nothing else is touched."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.processes import ROOT

PARTS = ("workshop", "netlib", "pyproject.toml")


def a_checkout(folder: Path) -> Path:
    """Copy the machinery into the folder, without a step; return the folder."""
    for name in PARTS:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy2)(source, folder / name)
    for name in ("starter", "solutions"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").touch()
    return folder


def add_program(checkout: Path, path: str, source: str) -> None:
    """Write a program of a step, such as "starter/step02_echo/server.py"."""
    file = checkout / path
    file.parent.mkdir(parents=True, exist_ok=True)
    (file.parent / "__init__.py").touch()
    file.write_text(source, encoding="utf-8")


def git(root: Path, *words: str) -> None:
    """Run git as somebody who has never configured it."""
    names = ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL")
    who = {f"GIT_{name}": "ada@example.org" for name in names}
    environ = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=root, check=True, env=environ, capture_output=True)


def commit(root: Path, message: str) -> None:
    """Commit all that is there."""
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", message)
