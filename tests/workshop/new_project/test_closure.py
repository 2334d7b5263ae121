"""Which modules others need."""

from pathlib import Path

import pytest

from tests.support.processes import ROOT
from workshop.new_project.closure import closure


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small checkout."""
    sources = {
        "examples/duel/__init__.py": "",
        "examples/duel/game.py": "import pygame\nfrom workshop.game import rules\nimport netlib",
        "workshop/__init__.py": "",
        "workshop/game/__init__.py": "",
        "workshop/game/rules.py": "def late():\n    from workshop import says, course",
        "workshop/game/art.py": "",
        "workshop/says.py": "import workshop.course",
        "workshop/quiet.py": "",
        "workshop/course.py": "",
        "netlib/__init__.py": "",
    }
    for path, source in sources.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")
    return tmp_path


def test_imports_are_followed(root: Path) -> None:
    """Also those in functions; packages above belong to it, netlib and strangers do not."""
    found = closure(["examples.duel.game"], root)
    named = {"examples.duel.game", "examples.duel", "workshop.game.rules", "workshop.game", "workshop"}
    assert set(found) == {*named, "workshop.says", "workshop.course"}
    assert found["workshop.game"] == root / "workshop" / "game" / "__init__.py"


def test_one_stands_in_for_another_and_some_are_left_out(root: Path) -> None:
    """What only the one needed is not needed any more."""
    stand_in = {"workshop.says": "workshop.quiet"}
    found = closure(["workshop.game.rules"], root, instead=stand_in, without=["workshop.course"])
    assert found["workshop.says"] == root / "workshop" / "quiet.py"
    assert "workshop.course" not in found and "workshop.quiet" not in found


def test_the_finished_game_needs_nothing_of_the_course() -> None:
    """A window of one's own game does not bring the steps and their checks along."""
    found = closure(["solutions.step14_public.server"], ROOT)
    assert not [name for name in found if name.startswith(("workshop.course", "workshop.check"))]
