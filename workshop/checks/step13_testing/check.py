"""Step 13: their tests pass the right game, and notice each bug that is planted into it."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from workshop import steps
from workshop.checking import answers
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Wrong

TESTS = "test_game.py"
PLANTED = Path(__file__).with_name("planted")
RUN_SECONDS = 25.0  # that their tests may take; they take less than one
FAILED, NONE_FOUND = 1, 5  # exit codes of pytest
LOOKING = ("until", "message", "snapshot")  # functions of netlib.testing that fail a test, as assert does
check = Check("step13_testing", files=["game.py", TESTS])


class Run(msgspec.Struct):
    """One run of their tests."""

    code: int | None
    output: str

    def lines(self, pattern: str) -> list[str]:
        """What the pattern's group is, wherever it matches."""
        return re.findall(pattern, self.output, re.MULTILINE)


@check.part("your tests pass when the game is right")
async def right(lab: Lab) -> None:
    """The game as we gave it."""
    run = lab.shared["right"] = await tested(lab, None)
    if run.code in (0, FAILED) and not run.lines(r"(\d+) (?:passed|failed|skipped)"):
        run.code = NONE_FOUND
    if run.code == NONE_FOUND:
        raise Wrong(
            "pytest finds tests in test_game.py",
            "it finds none",
            "functions that are tests begin with test_, and the last lines of the file start pytest",
            place=lab.stage.find(TESTS, r"^(async )?def "),
            hint="compare the last two lines of test_game.py with those of the step",
        )
    if run.code != 0:
        raise failing(lab, run)


@check.part("every test is written")
async def written(lab: Lab) -> None:
    """None is skipped any more."""
    if skipped := lab.shared["right"].lines(r"^SKIPPED .*?:(\d+): "):
        line = min(map(int, skipped))
        name = function_at(lab.stage, line)
        raise Wrong(
            "no test is skipped",
            f"{len(skipped)} are; the first is {name}",
            "the line pytest.skip stands where the test should",
            place=lab.stage.find(TESTS, r"pytest\.skip"),
            hint=f"do what the TODO in {name} says, and take out the line with pytest.skip",
        )


def add_part(path: Path) -> None:
    """A part of the check: a planted bug is noticed."""
    bug = answers.read(path)

    @check.part(f"your tests notice: {bug.mistake}", after=[written])
    async def noticed(lab: Lab) -> None:
        if "bugs" not in lab.shared:
            lab.shared["bugs"] = await all_tested(lab)
        run: Run = lab.shared["bugs"][path.stem]
        if run.code == 0:
            raise unnoticed(lab.stage, run, bug)
        if run.code is None:
            raise hanging(lab, f"with a game in which {bug.mistake}")


for planted in sorted(PLANTED.glob("*.toml")):
    add_part(planted)


async def all_tested(lab: Lab) -> dict[str, Run]:
    """Their tests against each bug, at once."""
    bugs = sorted(PLANTED.glob("*.toml"))
    runs = await asyncio.gather(*(tested(lab, bug) for bug in bugs))
    return {bug.stem: run for bug, run in zip(bugs, runs, strict=True)}


async def tested(lab: Lab, bug: Path | None) -> Run:
    """Their tests, against the game with a bug in it."""
    async with game_with(lab.stage, bug) as stage:
        other = Lab(stage, lab.ports)
        async with other.program("test_game") as program:
            code = await program.ended(RUN_SECONDS)
            await program.until(
                lambda: any("passed" in line or "failed" in line for line in program.lines), 1
            )
            if code == 1 and (crash := program.trouble("crashed")):
                raise program.ended_early(f"test_game.py can be run; it ended with {crash.name}")
            return Run(code, "\n".join(program.lines))


@contextlib.asynccontextmanager
async def game_with(stage: Stage, bug: Path | None) -> AsyncIterator[Stage]:
    """Their tests beside a game of ours, in a tree of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as root:
        given = (
            answers.build(bug, steps.find("13"), Path(root) / "given") if bug else steps.find("13").solution
        )
        folder = Path(root) / stage.folder.parent.name / stage.folder.name
        folder.mkdir(parents=True)
        for package in (folder, folder.parent):
            (package / "__init__.py").touch()
        game = (given / "game.py").read_text(encoding="utf-8")
        (folder / "game.py").write_text(game, encoding="utf-8")
        (folder / TESTS).write_text(stage.source(TESTS), encoding="utf-8")
        yield Stage(folder)


def failing(lab: Lab, run: Run) -> Wrong:
    """A test fails, although the game is right."""
    if run.code is None:
        return hanging(lab, "with the right game")
    names = run.lines(r"^(?:FAILED|ERROR) \S*?::(\w+)")
    reasons = run.lines(r"^E +(\S.*)") or ["(pytest gives no reason)"]
    lines = [int(number) for number in run.lines(r"^(?:\S*/)?test_game\.py:(\d+): ")]
    place = lab.stage.function(TESTS, names[0]) if names else None
    if lines:
        source = lab.stage.source(TESTS).splitlines()
        place = Place(TESTS, lines[0], source[lines[0] - 1].strip())
    return Wrong(
        "all your tests pass, since the game is right",
        f"{names[0] if names else 'pytest'} fails: {reasons[0][:160]}",
        "the test expects what the game does not promise, or looks before it has happened",
        place=place,
        hint="read the test's first sentence again: what exactly must hold, and when?",
        sure=True,
    )


def hanging(lab: Lab, when: str) -> Wrong:
    """The tests do not come to an end."""
    return Wrong(
        "your tests come to an end",
        f"{when} they still run after {RUN_SECONDS:.0f} seconds",
        "a test waits for something that never happens, without a deadline",
        place=lab.stage.find(TESTS, r"while |\.recv\(|sleep\("),
        hint="wait by testing.until(lambda: …): it gives up after 10 seconds of virtual time",
        sure=True,
    )


def unnoticed(stage: Stage, run: Run, bug: answers.Answer) -> Wrong:
    """All tests passed, and the game was wrong."""
    cause, hint = why_unnoticed(stage, run, bug.part)
    return Wrong(
        f"a test fails when {bug.mistake}",
        f"all your tests pass, {bug.part} as well",
        cause,
        place=stage.function(TESTS, bug.part),
        hint=hint,
        sure=True,
    )


def why_unnoticed(stage: Stage, run: Run, name: str) -> tuple[str, str]:
    """The likely cause, and what to try, from the test that should have noticed."""
    test = next((node for node in functions(stage) if node.name == name), None)
    if test is None:
        return f"there is no {name} any more", "bring it back: its sentence says what must hold"
    if any(isinstance(node, ast.Try) and not node.finalbody for node in ast.walk(test)):
        return "an except in it swallows what assert raises", "take the try out: a test is there to fail"
    if "never awaited" in run.output:
        return "something in it is never awaited, so it never happens", "put await before testing.until(…)"
    if any(isinstance(node, ast.Assert) and isinstance(node.test, ast.Tuple) for node in ast.walk(test)):
        return "it asserts a pair in brackets, which is always true", "write assert x == y, without brackets"
    if not any(isinstance(node, ast.Assert) or looks(node) for node in ast.walk(test)):
        return "it asserts nothing", "assert what its first sentence says must hold"
    return (
        "what it looks at is the same with this bug and without it",
        "break game.py in just this way by hand: what is different then, and does the test look at that?",
    )


def functions(stage: Stage) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in the file with the tests."""
    nodes = ast.walk(stage.tree(TESTS))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def looks(node: ast.AST) -> bool:
    """True for a call that fails a test when something does not happen."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in LOOKING


def function_at(stage: Stage, line: int) -> str:
    """The function that a line of the tests is in."""
    names = [node.name for node in functions(stage) if node.lineno <= line <= (node.end_lineno or 0)]
    return names[-1] if names else "the file"
