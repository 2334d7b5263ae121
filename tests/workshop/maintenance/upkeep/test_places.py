"""Every step of the workshop is whole, and each rule about its files can fail."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from workshop import steps
from workshop.maintenance.upkeep import places, stages
from workshop.steps import Step


@pytest.mark.parametrize("step", steps.all_steps(), ids=lambda step: step.id)
def test_every_step_is_whole(step: Step) -> None:
    """Stages, guide, hints and answers of a step fit together."""
    assert list(places.problems(step)) == []


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of one step's stages that a test may spoil."""
    for name in ("starter", "solutions"):
        folder = tmp_path / name / "step02_echo"
        shutil.copytree(getattr(steps.find("2"), name.removesuffix("s")), folder)
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    return tmp_path


def change(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Something to spoil in a file of the tree."""

    def apply(root: Path) -> None:
        text = (root / file).read_text("utf-8")
        assert old in text
        (root / file).write_text(text.replace(old, new, 1), "utf-8")

    return apply


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda root: (root / "starter/step02_echo/client.py").unlink(), "starter has"),
        (change("solutions/step02_echo/server.py", "is here", "is there"), "differ outside"),
        (change("starter/step02_echo/server.py", "TODO 02.2:", "TODO 02.7:"), "not numbered"),
        (change("starter/step02_echo/server.py", "TODO 02.2:", "NOTE:"), "no such TODO"),
        (change("solutions/step02_echo/server.py", "import asyncio", "import asyncio" + "\n" * 260), "most"),
    ],
)
def test_a_rule_is_broken(tree: Path, spoil: Callable[[Path], None], said: str) -> None:
    """Missing files, differences elsewhere, wrong numbers, and too many lines are found out."""
    spoil(tree)
    assert said in " ".join(stages.problems(steps.find("2")))


def test_rules_about_the_table(tree: Path) -> None:
    """Files that steps.toml does not name, or names wrongly, and hints that are missing."""
    step = replace(steps.find("2"), files=["server.py", "nothing.py"], hints={"02.1": ["one"]})
    found = " ".join(stages.problems(step))
    assert "names nothing.py" in found
    assert "client.py has TODOs" in found
    assert "02.1 has 1 hints" in found


def test_too_little_to_write(tree: Path) -> None:
    """A step with next to nothing to write is no step."""
    for name in ("server.py", "client.py"):
        shutil.copy(tree / "starter/step02_echo" / name, tree / "solutions/step02_echo" / name)
    assert "0 lines to write" in " ".join(stages.problems(steps.find("2")))
