"""Step 13: their tests pass the right game, and notice each bug that is planted into it."""

import ast
import asyncio
from pathlib import Path

from workshop.checking import answers
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Wrong
from workshop.checks.step13_testing.causes import BUGS, CAUSES, TESTS, TODOS
from workshop.checks.step13_testing.suite import LONGEST, Suite, run

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PART_SECONDS = 3 * LONGEST  # a check is as patient as the machine is busy
AT_ONCE = 2  # runs of their tests
check = Check("step13_testing", files=["game.py", TESTS], causes=CAUSES, exchanges=False)


@check.part("your tests pass when the game is right", seconds=PART_SECONDS)
async def right(lab: Lab) -> None:
    """The game as we gave it; this rests on no TODO: what is skipped does not fail."""
    suite = lab.shared["right"] = await run(lab)
    if suite.code is None:
        raise endless(suite, "with the right game")
    if not suite.notes.tests and suite.code in (0, 5):
        raise Wrong(f"pytest finds tests in {TESTS}", "it finds none", "no_tests")
    if suite.notes.failures:
        raise failing(lab.stage, suite)
    for test, what in suite.notes.unawaited.items():
        expected = "all that has to be waited for is awaited"
        raise Wrong(expected, f"{test} calls {what}, and never awaits it", f"unawaited_{TODOS.get(test, '')}")
    if suite.code != 0:
        said = next((line for line in suite.lines if line.startswith("E  ")), "") or "".join(suite.lines[-1:])
        expected = "pytest runs your tests"
        raise Wrong(expected, f"it ends with exit code {suite.code}: {said.strip()}", "broken")


def endless(suite: Suite, when: str) -> Wrong:
    """Their tests do not come to an end."""
    expected, saw = "your tests come to an end", f"{when} they still run after {suite.seconds:.0f} seconds"
    if not suite.is_endless:
        because = f"this machine is busy with something else: our own tests took {suite.ours:.0f} s just now"
        return Wrong(expected, saw, "busy", because=because, hint="close other programs, and check again")
    if not suite.stands:
        return Wrong(expected, saw, "endless")
    because = "your test does not come past this line, and nothing sets a limit to that"
    hint = "await testing.until(lambda: …) gives up after 10 seconds of virtual time"
    return Wrong(expected, saw, "endless", because=because, hint=hint, place=suite.stands)


def failing(stage: Stage, suite: Suite) -> Wrong:
    """A test fails, although the game is right."""
    first = suite.notes.failures[0]
    at = f" at line {first.line}, {stage.place(TESTS, first.line).text}" if first.line else ""
    symptom = f"fails_{TODOS.get(first.test, '')}"
    expected = "all your tests pass, since the game is right"
    return Wrong(expected, f"{first.test} fails{at}: {first.words[:200]}", symptom)


def add_part(path: Path) -> None:
    """A part of the check: a planted bug is noticed."""
    bug = answers.read(path)

    @check.part(
        f"your tests notice: {bug.mistake}", after=[right], todo=TODOS[bug.part], seconds=PART_SECONDS
    )
    async def noticed(lab: Lab) -> None:
        if "bugs" not in lab.shared:
            lab.shared["bugs"] = begun(lab)
        suite = await asyncio.shield(lab.shared["bugs"][path])
        if suite.code is None:
            raise endless(suite, f"with a game in which {bug.mistake}")
        if suite.code == 0 and not suite.notes.failures:
            raise unnoticed(lab.stage, lab.shared["right"], path.stem, bug)


def begun(lab: Lab) -> dict[Path, asyncio.Task[Suite]]:
    """Their tests against every bug, some at once; each part waits for its own."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(path: Path) -> Suite:
        async with places:
            return await run(lab, path)

    return {path: asyncio.create_task(one(path)) for path in BUGS}


for planted in BUGS:
    add_part(planted)


@check.part("no test is skipped any more", after=[right], todo=" ".join(TODOS.values()))
async def written(lab: Lab) -> None:
    """Each line with pytest.skip is gone."""
    tests = lab.shared["right"].notes.tests
    if skipped := [name for name, outcome in tests.items() if outcome == "skipped"]:
        raise Wrong("no test is skipped", f"pytest skips {', '.join(skipped)}", "skipped")


def unnoticed(stage: Stage, suite: Suite, name: str, bug: answers.Answer) -> Wrong:
    """All tests passed, and the game was wrong."""
    because, hint, place = measured(stage, suite, bug.part)
    saw = "no test fails" + (f", nor does {bug.part}" if suite.notes.tests.get(bug.part) == "passed" else "")
    expected = f"a test fails when {bug.mistake}"
    return Wrong(expected, saw, f"unnoticed_{name}", because=because, hint=hint, place=place)


def measured(stage: Stage, suite: Suite, test: str) -> tuple[str, str, Place | None]:
    """What was seen of the test that should notice: a reason, what to try, a line."""
    tree = stage.tree(TESTS)
    nodes = [each for each in ast.walk(tree) if isinstance(each, FUNCTIONS) and each.name == test]
    if not nodes:
        return "", "", None
    if len(nodes) > 1:
        both = " and ".join(str(each.lineno) for each in nodes)
        because = f"{test} is there twice, in lines {both}, and only the last of them counts"
        return because, "give one of them another name", stage.place(TESTS, nodes[0].lineno)
    if test in suite.notes.returned:
        because = f"{test} returns what it should assert: pytest does not look at what a test returns"
        return because, "assert … instead of return …", stage.function(TESTS, test)
    if suite.notes.tests.get(test) == "skipped":
        skip = stage.find(TESTS, r"pytest\.skip")
        return f"{test} is skipped", "take pytest.skip out of it, and do what its TODO says", skip
    if test not in suite.notes.tests:
        hint = "its name begins with test_, it is no part of another function, and no other has its name"
        return f"pytest does not run {test}", hint, stage.function(TESTS, test)
    for each in ast.walk(nodes[0]):
        if isinstance(each, ast.Assert) and each.lineno not in suite.notes.held:
            hint = "what comes before it ends the test, or the loop around it never runs"
            return f"this assert of {test} is never reached", hint, stage.place(TESTS, each.lineno)
    return "", "", None
