"""The search for the place: sure of what is bad by itself and enough to exchange; silence beats a guess."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.assignment import Assignment
from workshop.checking.blame.exchange import Exchange
from workshop.checking.blame.search import Outcome, Search
from workshop.checking.stage import Stage

PROGRAM = "def one(): return {}\ndef two(): return {}\ndef three(): return {}\n"
BAD, NOT_FOUND = PROGRAM.format("bad", "good", "good"), "the place was not found"
MODEL = PROGRAM.format("good", "good", "good")
ASSIGNMENT = Assignment({"a.py": "def one():\n    # TODO 99.1: be good\n    pass\n"})


Judge: TypeAlias = Callable[[Stage], Outcome]


def counts(stage: Stage) -> Outcome:
    """A program is right when nothing in it is bad, and broken when something is missing."""
    source = stage.source("a.py")
    return "same" if "bad" in source else "other" if "missing" in source else "passed"


async def said(stage: Stage, root: Path, judge: Judge = counts, model: str = MODEL) -> str:
    """What is said about the place."""
    (root / "model").mkdir()
    (root / "model" / "a.py").write_text(model, encoding="utf-8")
    exchange = Exchange(stage, root / "model", ASSIGNMENT)

    async def trial(stage: Stage) -> Outcome:
        await asyncio.sleep(0)
        return judge(stage)

    return str(await Search(exchange, trial, alone=False).where())


@pytest.mark.parametrize(
    ("learners", "words"),
    [
        (("bad", "good", "fine"), "look first at `one`, a.py line 1 (TODO 99.1)"),
        (("fine", "good", "bad"), "look first at `three`, a.py line 3"),
        (("fine", "bad", "bad"), "perhaps at one of `two`, a.py line 2; `three`, a.py line 3"),
        (("bad", "bad", "good"), "perhaps at one of `one`, a.py line 1 (TODO 99.1); `two`, a.py line 2"),
        (("bad", "good", "missing"), "perhaps at `one`, a.py line 1 (TODO 99.1)"),
        (("missing", "good", "fine"), NOT_FOUND),
        (("fine", "fine", "fine"), NOT_FOUND),
        (("good", "good", "good"), NOT_FOUND),
    ],
)
async def test_where(stage: Write, tmp_path: Path, learners: tuple[str, str, str], words: str) -> None:
    """A piece is told when it is bad in the model, or when the model's piece is enough: surely, when both."""
    assert await said(stage(a=PROGRAM.format(*learners)), tmp_path) == words


async def test_two_halves(stage: Write, tmp_path: Path) -> None:
    """When no piece is bad by itself, those are told of which the model's is enough."""

    def trial(stage: Stage) -> Outcome:
        return "same" if stage.source("a.py").count("half") == 2 else "passed"

    learners = stage(a=PROGRAM.format("half", "fine", "half"))
    words = "perhaps at one of `one`, a.py line 1 (TODO 99.1); `three`, a.py line 3"
    assert await said(learners, tmp_path, trial) == words


async def test_what_comes_along_is_not_the_piece(stage: Write, tmp_path: Path) -> None:
    """When what the model's pieces need is enough by itself, none of them is to blame."""

    def trial(stage: Stage) -> Outcome:
        return "passed" if "import go" in stage.source("a.py") else "same"

    model = "from b import go\ndef one(): go(1)\ndef two(): go(2)\n"
    learners = stage(a="def one(): go(3)\ndef two(): go(4)\n")
    assert await said(learners, tmp_path, trial, model) == NOT_FOUND


async def test_a_hit_holds_twice(stage: Write, tmp_path: Path) -> None:
    """What comes out in one way, and then in another, is no hit."""
    turns: list[Outcome] = ["same", "other"]

    def trial(stage: Stage) -> Outcome:
        return turns.pop(0) if turns else "other"

    assert await said(stage(a=BAD), tmp_path, trial) == NOT_FOUND
    assert not turns


@pytest.mark.parametrize("error", [OSError(28, "disk full"), RecursionError(), ValueError("ours")])
async def test_whatever_goes_wrong(stage: Write, tmp_path: Path, error: Exception) -> None:
    """A trial that breaks tells nothing, and does not end the check."""

    def breaks(stage: Stage) -> Outcome:
        raise error

    assert await said(stage(a=BAD), tmp_path, breaks) == NOT_FOUND


async def test_too_late(stage: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not known when the time is over is not said."""
    monkeypatch.setattr("workshop.checking.blame.search.SECONDS", -1.0)
    assert await said(stage(a=BAD), tmp_path) == NOT_FOUND
