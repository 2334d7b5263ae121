"""Which step a command is about, also when its starter is damaged or gone."""

from __future__ import annotations

import os
from pathlib import Path

from workshop import steps
from workshop.progress_file import NoCheckout, ProgressFile
from workshop.steps import Step


def chosen(typed: str | None, kept: ProgressFile) -> Step:
    """The step that somebody means; the current one when they typed none.

    Raises:
        NoCheckout: we are installed without the folder that the steps are in.
        UnknownStep: they mean none of ours.
    """
    step = steps.find(typed) if typed is not None else kept.read().current
    if not (checkout_of(step) / "pyproject.toml").is_file():
        raise NoCheckout("The steps are not here: only a checkout of the project has them.")
    return step


def checkout_of(step: Step) -> Path:
    """The folder that has its starter and its solution."""
    return step.starter.parents[1]


def number(step: Step) -> str:
    """The number as one types it: "2"."""
    return str(int(step.number))


def near(path: Path) -> str:
    """The path as one would type it here."""
    try:
        return os.path.relpath(path)
    except ValueError:  # on another of Windows' drives
        return str(path)
