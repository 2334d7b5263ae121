"""`dev new` in a checkout of its own: what it makes runs, and `dev check` says what is still missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a copy of the project to work in."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("netlib", "workshop", "starter", "solutions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def workshop(checkout: Path, *words: str) -> tuple[int, str]:
    """Run a command there: its exit code, and all that it said."""
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); from workshop import cli; cli.main()"
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(
        command, cwd=checkout, capture_output=True, timeout=60, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_a_new_step(checkout: Path) -> None:
    """A new step runs, fails and passes where it should, and only what people must write is missing."""
    code, said = workshop(checkout, "dev", "new", "spectators", "--title", "Spectators")
    assert (code, "starter/step15_spectators/program.py" in said.replace("\\", "/")) == (0, True), said
    code, said = workshop(checkout, "dev", "check", "15")
    assert code == 1, said
    assert [line.split(": ", 1)[1] for line in said.splitlines() if "error" in line] == [
        "1 wrong answers; 5 is the least",
        "1 right answers; 2 is the least",
        "1 lines to write; 10 to 40 are right",
    ]


def test_nothing_is_overwritten(checkout: Path) -> None:
    """Where a file of that name is, nothing is written at all."""
    there = checkout / "workshop" / "guides" / "step15_spectators.md"
    there.write_text("mine", encoding="utf-8")
    code, said = workshop(checkout, "dev", "new", "spectators", "--title", "Spectators")
    assert (code, "is there already" in said) == (2, True)
    assert there.read_text("utf-8") == "mine"
    assert not (checkout / "starter" / "step15_spectators").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Bad-Name", "--title", "x"], "small letters"),
        (["fine", "--title", 'a "quote"'], "without quotes"),
        (["fine", "--title", "x", "--track", "weekend"], "no track 'weekend'"),
    ],
)
def test_names_that_cannot_be(words: list[str], said: str) -> None:
    """What would make broken files is refused."""
    code, text = workshop(ROOT, "dev", "new", *words)
    assert (code, said in text) == (2, True), text
