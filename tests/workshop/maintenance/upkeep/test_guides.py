"""What must hold of a guide, each rule broken once."""

import pytest

from workshop import steps
from workshop.maintenance.upkeep import guides
from workshop.maintenance.upkeep.scaffold import template
from workshop.maintenance.upkeep.stages import quoted

STEP = steps.find("2")
QUOTE = '    """Talk to one client, from its first message to its last. Each client has a call of its own."""'
TEXT = (
    template("guide.md")
    .replace("${number}: ${title}", "02: Echo")
    .replace("1. **TODO ${number}.1**", "1. **TODO 02.1** **TODO 02.2** **TODO 02.3** **TODO 02.4**")
    .replace("${id}/program.py", "step02_echo/server.py")
    .replace('def answer(question: str) -> str:\n    """Answer a question."""', QUOTE.strip())
)


def test_a_guide_that_holds() -> None:
    """The text that the other tests break is right."""
    assert list(guides.problems(STEP, TEXT)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# Step 02", "# Step 2", "begins with"),
        ("> You build", "You build", "in a quote"),
        ("## Key points", "## Points", "headings"),
        ("## Readings", "## In netlib\n\n## Readings", "headings"),
        ("**TODO 02.4**", "", "tasks are"),
        ("**TODO 02.4**", "**TODO 02.5**", "tasks are"),
        ("question ──► answer", "x" * 77, "77 columns"),
        ("python starter/step02_echo/server.py", "python", "from which file"),
        ("step02_echo/server.py", "step02_echo/nothing.py", "from which file"),
        ("Talk to one client", "Talk to no client", "is not there"),
    ],
)
def test_a_rule_is_broken(old: str, new: str, said: str) -> None:
    """Each thing that a guide must have is missed when it is not there."""
    assert old in TEXT
    assert said in " ".join(guides.problems(STEP, TEXT.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("lines", "there"),
    [
        (["if x:", "    y()"], True),
        (["    if x:", "        y()"], True),
        (["if x:", "y()"], False),
        (["if x:", "", "z()"], False),
        (["y()", "", "    z()"], False),
        (["    y()", "", "z()"], True),
        ([""], False),
    ],
)
def test_quoted(lines: list[str], there: bool) -> None:
    """A quote stands there line by line; indentation that all its lines share does not count."""
    assert quoted(lines, "def f():\n    if x:\n        y()\n\n    z()\n") is there
