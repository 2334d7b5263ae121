"""From what was seen to what is said: not done yet, their exceptions, causes with evidence, or nothing."""

from pathlib import Path

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.assignment import Assignment
from workshop.checking.blame.exchange import Exchange
from workshop.checking.diagnosis import Diagnosis, Failed
from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import Evidence, has, lacks, raised
from workshop.checking.stage import Stage
from workshop.checking.verdict import Failure, Place, Spot, Trouble, Where, Wrong

STARTER = """\
def one():
    # TODO 99.1: one
    pass


def two():
    # TODO 99.2: two
    pass


def three():
    pass
"""
DONE = STARTER.replace("pass", "work()")
STILL = "the event loop stood still for 1.5 s at this line, so nothing else got a turn (a.py:3)"
ODD = Wrong("this", "that", "odd")
ROWS = [
    Cause("odd", "it works", "rest", has("work()", inside="two")),
    Cause("odd", "it does not even rest", "rest", lacks("rest()")),
    Cause("odd", "it has no such key", "look", raised("KeyError")),
    Cause("late", "it is late", "hurry", has("work()")),
]


def crash(line: int, name: str = "KeyError", text: str = "work()") -> Trouble:
    """An exception at one of the learner's lines."""
    place = Place("a.py", line, text)
    return Trouble("crashed", name, "'x'", place, (place,))


def diagnosed(
    stage: Stage,
    *troubles: Trouble,
    wrong: Wrong = ODD,
    todos: tuple[str, ...] = ("99.1", "99.2"),
    where: Where | None = None,
    model: Path | None = None,
) -> Failure:
    """What is said of a failure."""
    failed, assignment = (
        Failed(Evidence(stage, wrong, troubles), ("server | hello",)),
        Assignment({"a.py": STARTER}),
    )
    exchange = Exchange(stage, model, assignment) if model else None
    return Diagnosis(failed, ROWS, todos, assignment, exchange).failure(where)


@pytest.mark.parametrize(
    ("source", "line", "todos", "not_done", "todo"),
    [
        (STARTER, None, ("99.1", "99.2"), "one", "99.1"),
        (STARTER, None, ("99.2",), "two", "99.2"),
        (STARTER, None, (), None, ""),
        (STARTER, 8, ("99.1",), "two", "99.2"),
        (DONE, 3, ("99.1",), None, "99.1"),
        (STARTER.replace("pass", "work()", 1), None, ("99.1", "99.2"), "two", "99.2"),
        (STARTER.replace("pass", "work()", 1), 3, ("99.1", "99.2"), None, ""),
    ],
)
def test_not_done_yet(
    stage: Write, source: str, line: int | None, todos: tuple[str, ...], not_done: str | None, todo: str
) -> None:
    """An untouched TODO that raised is told, or else the part's first; nothing when one that is done did."""
    raising = [crash(line, text=source.splitlines()[line - 1].strip())] if line else []
    failure = diagnosed(stage(a=source), *raising, todos=todos)
    assert (failure.not_done.name if failure.not_done else None) == not_done
    assert failure.todo == todo
    assert (failure.causes == ()) == (not_done is not None)


@pytest.mark.parametrize(
    ("troubles", "wrong", "causes"),
    [
        ((), ODD, ["it works (a.py:8)", "it does not even rest"]),
        ((), Wrong("this", "that", because="since", hint="so"), ["since"]),
        ((crash(3),), ODD, ["it has no such key (a.py:3)"]),
        ((crash(8),), ODD, ["it works (a.py:8)", "it has no such key (a.py:8)"]),
        ((crash(3, "Odd"),), ODD, ["your program ended with Odd: 'x' (a.py:3)"]),
        ((crash(3, "Odd"),), Wrong("this", "that", because="since"), ["since"]),
        ((Trouble("logged", "Odd", ""),), ODD, ["your program raised Odd"]),
        ((Trouble("warning", "DeprecationWarning", "old"),), Wrong("this", "that", "other"), []),
        ((Trouble("blocked", "0.5", ""),), Wrong("this", "that", "other"), []),
        ((Trouble("blocked", "1.5", "", Place("a.py", 3)),), Wrong("this", "that", "other"), [STILL]),
    ],
)
def test_causes(stage: Write, troubles: tuple[Trouble, ...], wrong: Wrong, causes: list[str]) -> None:
    """What is proved comes first, then their exception with rows of its line, then all rows, if any."""
    failure = diagnosed(stage(a=DONE), *troubles, wrong=wrong)
    assert [f"{each.cause} ({each.place})".removesuffix(" (None)") for each in failure.causes] == causes
    assert failure.trouble == next(iter(troubles), None)
    assert failure.output == ("server | hello",)


@pytest.mark.parametrize(
    ("todos_there", "todo"), [(("99.2", "99.1"), "99.1"), (("99.3", "99.4"), "99.3"), ((), "99.1")]
)
def test_the_todo_to_go_on_with(stage: Write, todos_there: tuple[str, ...], todo: str) -> None:
    """It is the part's in the place that was found, or that place's, or the only one of the part."""
    where = Where((Spot("a.py", "one", 1, 3, todos_there),), sure=True)
    failure = diagnosed(stage(a=DONE), todos=("99.1",), where=where)
    assert (failure.todo, failure.where) == (todo, where)


@pytest.mark.parametrize(
    ("found", "raised_at", "told"),
    [
        (["one"], 8, ["one", "two"]),
        (["two"], 8, ["two"]),
        (["one"], 3, ["one"]),
        (["one"], 11, ["one"]),
        ([], 8, []),
    ],
)
def test_the_piece_that_raised_is_told_beside_those_that_were_found(
    stage: Write, tmp_path: Path, found: list[str], raised_at: int, told: list[str]
) -> None:
    """It is named when the learner wrote it in another way than the model, and a place was found."""
    (tmp_path / "a.py").write_text(STARTER.replace("pass", "go()", 2), encoding="utf-8")
    learners = STARTER.replace("pass", "work()", 2)
    spots = {"one": Spot("a.py", "one", 1, 3, ("99.1",)), "two": Spot("a.py", "two", 6, 8, ("99.2",))}
    where = Where(tuple(spots[name] for name in found), sure=True)
    failure = diagnosed(stage(a=learners), crash(raised_at), where=where, model=tmp_path)
    assert [spot.name for spot in (failure.where or Where()).spots] == told


def test_the_same_kind_of_failure(stage: Write) -> None:
    """Failures look alike with the same symptom, or words, and the same exceptions."""
    tried = stage(a=DONE)

    def failed(wrong: Wrong, *troubles: Trouble) -> Failed:
        return Failed(Evidence(tried, wrong, troubles), ())

    seen = failed(ODD, crash(3))
    assert seen.looks_like(failed(Wrong("else", "else", "odd"), crash(8), Trouble("blocked", "2", "")))
    assert not seen.looks_like(failed(ODD))
    assert not seen.looks_like(failed(ODD, crash(3, "Odd")))
    assert not seen.looks_like(failed(Wrong("this", "that", "late"), crash(3)))
    assert not failed(Wrong("one", "x")).looks_like(failed(Wrong("two", "x")))
