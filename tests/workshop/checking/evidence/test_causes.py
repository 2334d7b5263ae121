"""Causes: a reason is said only when all of its evidence holds, and nothing speaks against it."""

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.evidence.causes import Cause, likely
from workshop.checking.evidence.facts import Evidence, has, lacks, unless
from workshop.checking.verdict import Place, Spot, Where, Wrong

RUN, STOP = Spot("a.py", "run", 1, 2), Spot("a.py", "stop", 3, 4)
INSIDE = has("go()", inside="run")
NEEDS, REFUTED = (has("go()"),), (unless(has("stay()")),)


@pytest.mark.parametrize(
    ("cause", "where", "differing", "said"),
    [
        (Cause("odd late", "why", "do", *NEEDS), None, None, True),
        (Cause("late", "why", "do", *NEEDS), None, None, False),
        (Cause("odd", "why", "do", *NEEDS, has("nothing()")), None, None, False),
        (Cause("odd", "why", "do", *NEEDS, unless(has("go()"))), None, None, False),
        (Cause("odd", "why", "do", *NEEDS, *REFUTED), None, None, True),
        (Cause("odd", "why", "do", *NEEDS, about="run"), None, None, True),
        (Cause("odd", "why", "do", *NEEDS, about="run"), None, {"run"}, True),
        (Cause("odd", "why", "do", *NEEDS, about="run"), None, {"stop"}, False),
        (Cause("odd", "why", "do", *NEEDS, about="run"), Where((STOP,), sure=True), None, False),
        (Cause("odd", "why", "do", *NEEDS, about="run"), Where((STOP,)), None, True),
        (Cause("odd", "why", "do", *NEEDS, about="run"), Where(), None, True),
        (Cause("odd", "why", "do", *NEEDS), Where((STOP,), sure=True), None, True),
        (Cause("odd", "why", "do", *NEEDS, INSIDE), None, {"run"}, True),
        (Cause("odd", "why", "do", *NEEDS, INSIDE), None, {"stop"}, False),
        (Cause("odd", "why", "do", *NEEDS, INSIDE, about=""), None, {"stop"}, True),
        (Cause("odd", "why", "do", about="run"), None, None, False),
        (Cause("odd", "why", "do", about="run"), Where((RUN,)), {"run"}, True),
        (Cause("odd", "why", "do", about="run"), Where((STOP,)), {"run"}, False),
    ],
)
def test_a_cause(
    stage: Write, cause: Cause, where: Where | None, differing: set[str] | None, said: bool
) -> None:
    """A symptom of its own, all that it needs, nothing that refutes it, and a piece that may be to blame."""
    evidence = Evidence(stage(a="def run():\n    go()\n"), Wrong("a", "b", "odd"))
    causes = likely([cause, cause], evidence, where, differing)
    assert [each.cause for each in causes] == ["why"] * said
    if said and cause.needs:
        assert causes[0].place == Place("a.py", 2, "go()")


def test_a_program_that_is_nested_too_deeply(stage: Write) -> None:
    """Of an expression without an end nothing is said, neither that something stands there nor that not."""
    evidence = Evidence(stage(a="x = f(" + "+".join(["x"] * 900) + ", 1)\n"), Wrong("a", "b", "odd"))
    rows = [Cause("odd", "why", "do", fact("f(_X, _X)")) for fact in (has, lacks)]
    assert likely(rows, evidence, None, None) == ()
