"""Stages that a test writes, and checks of them."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from workshop.checking.stage import Stage

Write: TypeAlias = Callable[..., Stage]


@pytest.fixture
def stage(tmp_path: Path) -> Write:
    """Give a function that makes a stage of files: their names without the ending, and their texts."""

    def write(**files: str) -> Stage:
        folder = tmp_path / "starter" / "step99_tried"
        folder.mkdir(parents=True)
        for package in (folder, folder.parent):
            (package / "__init__.py").touch()
        for name, text in files.items():
            (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return Stage(folder)

    return write
