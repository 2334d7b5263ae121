"""A check: its parts, what depends on what, and how an exception becomes a diagnosis."""

import asyncio
from typing import Any

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking import parts
from workshop.checking.blame.pieces import MODULE
from workshop.checking.check import FILES, Check, Task
from workshop.checking.evidence.causes import Cause
from workshop.checking.lab import Lab
from workshop.checking.parts import Body
from workshop.checking.verdict import PartResult, Result, Wrong

FINE = "print('fine')\n"


WRONG = Wrong("this", "that", "odd")


def add(check: Check, title: str, error: Exception | None = None, **options: Any) -> Body:
    """Add a part that passes, or raises this."""

    @check.part(title, **options)
    async def body(lab: Lab) -> None:
        if error:
            raise error

    return body


def states(result: Result) -> list[str]:
    """What became of each part."""
    return [part.state for part in result.parts]


async def test_parts_run_in_order(stage: Write) -> None:
    """Each part's result is told as soon as it is known, and a check passes when all parts do."""
    check, told = Check("step99_tried", files=["server.py"]), list[PartResult]()

    @check.part("one")
    async def one(lab: Lab) -> None:
        assert not told

    @check.part("two")
    async def two(lab: Lab) -> None:
        assert [part.title for part in told] == ["one"]

    result = await check.run(Task(stage(server=FINE)), told.append)
    assert result.passed
    assert [part.title for part in told] == ["one", "two"]


async def test_what_depends_on_a_failure_is_not_run(stage: Write) -> None:
    """Behind a failure, parts that need it are not run, nor what needs those; all others are."""
    check = Check("step99_tried", files=[])
    one = add(check, "one", WRONG)
    two = add(check, "needs one", ZeroDivisionError(), after=[one])
    add(check, "needs two", ZeroDivisionError(), after=[two])
    add(check, "by itself")
    result = await check.run(Task(stage()))
    assert states(result) == ["failed", "not run", "not run", "passed"]
    assert result.failed is not None
    assert result.failed.title == "one"


async def test_the_first_failure_only(stage: Write) -> None:
    """Asked for the first failure only, a check runs nothing behind it."""
    check = Check("step99_tried", files=[])
    add(check, "one", WRONG)
    add(check, "by itself", ZeroDivisionError())
    assert states(await check.run(Task(stage()), first_only=True)) == ["failed", "not run"]


@pytest.mark.parametrize(
    ("source", "saw", "line"),
    [(None, "not there", None), ("x = (\n", "cannot read", 1), ("x = 1\n  y = 2\n", "cannot read", 2)],
)
async def test_files_that_cannot_be_run(stage: Write, source: str | None, saw: str, line: int | None) -> None:
    """A missing file, or one with a mistake in its syntax, is said before anything runs."""
    check = Check("step99_tried", files=["server.py"])
    add(check, "one", ZeroDivisionError())
    result = await check.run(Task(stage(**({} if source is None else {"server": source}))))
    assert states(result) == ["failed", "not run"]
    assert result.parts[0].title == FILES
    failure = result.parts[0].failure
    assert failure is not None
    assert saw in failure.saw
    assert (failure.place.line if failure.place else None) == line


CRASHES = "def inner():\n    raise KeyError('name')\n\ninner()\n"


async def test_an_exception_of_theirs_is_the_cause(stage: Write) -> None:
    """When their program raised, that is named as the cause, with their lines and no others."""
    check = Check("step99_tried", files=["server.py"])

    @check.part("one")
    async def one(lab: Lab) -> None:
        async with lab.program("server") as program:
            await program.ended()
            await program.until(lambda: program.troubles)
        raise WRONG

    failure = (await check.run(Task(stage(server=CRASHES)))).parts[0].failure
    assert failure is not None
    assert "'name'" in failure.causes[0].cause
    assert str(failure.place) == "server.py:2"
    assert failure.trouble is not None
    assert [str(place) for place in failure.trouble.trail] == ["server.py:4", "server.py:2"]


async def test_a_part_has_a_limit(stage: Write) -> None:
    """A part that hangs ends, as a failure."""
    check = Check("step99_tried", files=[])

    @check.part("one", seconds=0.05)
    async def one(lab: Lab) -> None:
        await asyncio.Event().wait()

    assert states(await check.run(Task(stage()))) == ["failed"]


async def test_a_mistake_of_ours_is_not_theirs(stage: Write) -> None:
    """A bug in a check is an error of ours, and not a diagnosis of their program."""
    check = Check("step99_tried", files=[])
    add(check, "one", ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await check.run(Task(stage()))


async def test_an_empty_check_does_not_pass(stage: Write) -> None:
    """A check without a part proves nothing."""
    assert not (await Check("step99_tried", files=[]).run(Task(stage()))).passed


async def test_an_early_part_begins_at_once(stage: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """An early part runs beside those before it, and never beside one that measures time."""
    monkeypatch.setattr(parts, "quiet", lambda say, patience: asyncio.sleep(0, 0.0))
    check, said = Check("step99_tried", files=[]), list[str]()
    begun = asyncio.Event()

    @check.part("one")
    async def one(lab: Lab) -> None:
        await begun.wait()

    @check.part("measures", timed=True)
    async def two(lab: Lab) -> None:
        said.append("measures")
        raise WRONG

    @check.part("early", early=True)
    async def three(lab: Lab) -> None:
        begun.set()
        await asyncio.sleep(0)
        said.append("early")

    assert states(await check.run(Task(stage()))) == ["passed", "failed", "passed"]
    assert said == ["early", "measures"]


async def test_an_early_part_is_ended(stage: Write) -> None:
    """When a check is over, nothing of an early part goes on."""
    check, ended = Check("step99_tried", files=[]), asyncio.Event()

    @check.part("one")
    async def one(lab: Lab) -> None:
        await asyncio.sleep(0)
        raise WRONG

    @check.part("early", after=[one], early=True)
    async def two(lab: Lab) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    assert states(await check.run(Task(stage()))) == ["failed", "not run"]
    assert ended.is_set()


MODEL = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
MODEL += "\n\nif __name__ == '__main__':\n    print(one() + two())\n"
STARTER = {"server.py": MODEL.replace("return 1", "# TODO 99.1: one\n    return 0")}


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("return 1", "return 5", "look first at `one`, server.py lines 1–2 (TODO 99.1)"),
        ("return 2", "return 5", "look first at `two`, server.py lines 5–6"),
        ("one() + two()", "one() - two()", f"look first at {MODULE}, server.py lines 9–10"),
        ("def two", "def other", None),
        ("return 1", "return 0", None),
    ],
)
async def test_the_place_is_looked_for(stage: Write, old: str, new: str, where: str | None) -> None:
    """The piece with the mistake is found; nobody looks unasked, nor where a TODO is still open."""
    row = Cause("odd", "one is to blame", "mend it", about="one")
    check, said = Check("step99_tried", files=["server.py"], causes=[row]), list[str]()

    @check.part("it prints 3", todo="99.1")
    async def prints(lab: Lab) -> None:
        async with lab.program("server") as program:
            await program.ended()
            if program.lines != ["3"]:
                raise Wrong("it prints 3", f"it prints {program.lines}", "odd")

    tried = stage(server=MODEL.replace(old, new))
    model = tried.root / "solutions" / "step99_tried"
    model.mkdir(parents=True)
    (model / "server.py").write_text(MODEL, encoding="utf-8")
    task = Task(tried, model, lambda: STARTER, lambda title: old != "def two", said.append)
    failure = (await check.run(task)).parts[0].failure
    assert failure is not None
    assert (str(failure.where) if failure.where else None) == where
    assert said == ["Looking where …"] * bool(where)
    assert ("one is to blame" in failure.text) == ("`one`" in (where or ""))
    assert (failure.not_done is not None) == (new == "return 0")


async def test_a_file_that_may_not_be_read(stage: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system does not let us read is named."""

    def refuse(data: bytes) -> None:
        raise PermissionError(13, "Permission denied", "/somewhere/server.py")

    monkeypatch.setattr("workshop.checking.stage.flaw_of", refuse)
    check = Check("step99_tried", files=["server.py"])
    failure = (await check.run(Task(stage(server=FINE)))).parts[0].failure
    assert failure is not None
    assert failure.saw == "server.py cannot be read: Permission denied"
