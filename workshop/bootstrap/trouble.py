"""What can go wrong on the first start, in plain words with the next thing to do."""

import re
import sys
from pathlib import Path

from workshop.bootstrap.causes import cause_of
from workshop.bootstrap.typed import same_again


class SetupError(Exception):
    """The first start cannot continue; the text says what happened and what to do."""


def no_venv_module(platform: str = sys.platform) -> str:
    """Return what to do on a system that ships Python without venv or ensurepip."""
    why = "This Python cannot make a virtual environment: its venv or ensurepip module is missing."
    fix = "Reinstall Python with its standard installer, all parts ticked."
    if platform == "linux":
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        fix = f"On Debian and Ubuntu: sudo apt install python3-venv (or {version})."
    return f"{why}\n{fix} Then again: {same_again()}"


def not_writable(root: Path, error: OSError) -> str:
    """Return what to do when the checkout cannot be written."""
    return (
        f"Cannot write in {root}: {error.strerror or error}.\n"
        "Likely the folder is read-only, the disk is full, or a program from .venv is still running. "
        f"Copy the folder to a place of your own, or end that program. Then again: {same_again()}"
    )


def explain_pip(log: str, from_wheelhouse: bool) -> str:
    """Return the likely cause of a failed installation and what to do, from pip's own output."""
    again = f"Then again: {same_again()}"
    cause = cause_of(log)
    if cause == "disk":
        return f"The disk is full. Make room (about 300 MB). {again}"
    if cause == "certificate":
        return f"A program between here and the internet changes certificates; try another network. {again}"
    if from_wheelhouse:
        return _not_in_wheelhouse(log) + again
    if cause == "packages":
        return (
            "Cannot get the packages: no internet here, or something (a proxy, a login page) is in between.\n"
            "Connect to the internet; or set HTTPS_PROXY to your proxy; or ask the instructor for the folder "
            f"wheelhouse and put it beside pyproject.toml (no internet needed). {again}"
        )
    return f"Installing the packages failed; the lines below say why. Ask the instructor with them. {again}"


def _not_in_wheelhouse(log: str) -> str:
    found = re.search(r"(?:No matching distribution found for|requirement) ([\w.\-\[\]<>=!~,]+)", log)
    what = found.group(1) if found else "something"
    version = f"Python {sys.version_info.major}.{sys.version_info.minor} on {sys.platform}"
    return (
        f"The folder wheelhouse lacks {what} for {version}.\n"
        "Ask the instructor for another one, or rename the folder to install from the internet. "
    )
