"""A learner's program beside the model's: what differs, and copies with one piece exchanged."""

from pathlib import Path

from tests.workshop.checking.conftest import Write
from workshop.checking.assignment import Assignment
from workshop.checking.blame.exchange import Exchange
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place

MODEL = """\
from solutions.step99_tried.b import go

def walk(): go(3)

def rest(): pass
"""
STARTER = "def walk():\n    # TODO 99.1: walk\n    pass\n\n\ndef rest(): pass\n"
LEARNERS = """\
# coding: latin-1
from starter.step99_tried.c import go

def fast(): return 4

def walk(): go(fast())

def rest(): 'é'; wait()
"""


def exchange(stage: Stage, root: Path) -> Exchange:
    """A model of two files beside a learner's program."""
    (root / "model").mkdir()
    for name, text in {"a.py": MODEL, "b.py": "def go(x): pass\ndef other(): pass\n"}.items():
        (root / "model" / name).write_text(text, encoding="utf-8")
    return Exchange(stage, root / "model", Assignment({"a.py": STARTER}))


def test_what_differs(stage: Write, tmp_path: Path) -> None:
    """Pieces that both have and that mean something else: those with a TODO, and all others."""
    tried = exchange(stage(a=LEARNERS, b="def go(y): pass", c="def go(y): pass"), tmp_path)
    assert tried.differing == {"walk", "rest", "go"}
    assert [part.piece.name for part in tried.todo_parts] == ["walk"]
    assert [(part.file, part.piece.name) for part in tried.other_parts] == [("a.py", "rest"), ("b.py", "go")]
    assert [str(spot) for spot in tried.spots(tried.todo_parts[0])] == [
        "`walk`, a.py line 6 (TODO 99.1)",
        "`fast`, a.py line 4",
    ]


def test_where_an_exception_came_up(stage: Write, tmp_path: Path) -> None:
    """It is the innermost piece that the learner wrote in another way than the model, or has beside it."""
    tried = exchange(stage(a=LEARNERS, b="def other(): pass"), tmp_path)

    def raising(*places: tuple[str, int]) -> list[str]:
        return [spot.name for spot in tried.raising([Place(*each) for each in places])]

    assert raising(("a.py", 6), ("b.py", 1)) == ["walk"]
    assert raising(("a.py", 6), ("a.py", 4)) == ["fast"]
    assert raising(("b.py", 1), ("c.py", 9)) == raising() == []


def test_copies(stage: Write, tmp_path: Path) -> None:
    """Each copy is one program with one piece of the other, in the learner's tree, with their files."""
    learners = stage(a="", c="def go(y): pass")
    (learners.folder / "a.py").write_text(LEARNERS, encoding="latin-1")
    before = {path: path.read_bytes() for path in learners.folder.iterdir()}
    tried = exchange(learners, tmp_path)
    walk = tried.todo_parts[0]
    models = tried.with_models(walk, tmp_path / "1")
    company = tried.with_company(walk, tmp_path / "2")
    own = tried.with_learners(walk, tmp_path / "3")
    assert models.package == own.package == "starter.step99_tried"
    assert models.files == ["a.py", "c.py"]
    assert own.files == ["a.py", "b.py", "c.py"]
    text = models.source("a.py")
    assert "from starter.step99_tried.b import go" in text
    assert "def walk(): go(3)" in text
    assert "def rest(): 'é'" in text
    assert company is not None
    assert company.source("a.py") == LEARNERS.replace(
        "c import go\n", f"c import go\n{text.splitlines()[2]}\n"
    )
    assert "def walk(): go(fast())" in own.source("a.py")
    assert "def rest(): pass" in own.source("a.py")
    assert tried.unchanged(tmp_path / "4").source("a.py") == LEARNERS
    assert {path: path.read_bytes() for path in learners.folder.iterdir()} == before


def test_files_that_cannot_be_read(stage: Write, tmp_path: Path) -> None:
    """A file that is no Python, or is not there, has nothing to exchange."""
    tried = exchange(stage(a="def walk(:"), tmp_path)
    assert tried.differing == set()
    assert tried.todo_parts == tried.other_parts == []
