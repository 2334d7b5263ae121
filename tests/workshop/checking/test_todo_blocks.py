"""TODO blocks: where they begin and end, and whether a solution differs only there."""

import pytest

from workshop.checking.todo_blocks import as_starter, blocks, fill

STARTER = """import starter.step99.b

def f(x):
    # TODO 99.1: add one
    # to it
    return x

def g():
    if 1:
        # TODO 99.2: say so
        pass
    return 2
"""
SOLUTION = """import solutions.step99.b

def f(x):
    x += 1

    return x

def g():
    if 1:
        print("so")
    return 2
"""


def test_blocks() -> None:
    """A block ends at the first empty line, or at one that is indented less; others may be in it."""
    assert [(b.first, b.end, b.names) for b in blocks(STARTER)] == [(3, 6, ("99.1",)), (9, 11, ("99.2",))]

    assert blocks("# TODO 99.1: a\n# TODO 99.2: b\nx\n")[0].names == ("99.1", "99.2")


def test_the_solution_fills_them() -> None:
    """What the solution has in a block's place is found, and its new lines counted."""
    filled = fill(STARTER, SOLUTION)
    assert filled is not None
    assert filled[0].solution == ("    x += 1", "", "    return x")
    assert [one.to_write for one in filled] == [1, 1]


@pytest.mark.parametrize(
    ("old", "new"),
    [("def g()", "def h()"), ("    return 2\n", "    return 3\n"), ("import solutions", "import  solutions")],
)
def test_a_difference_elsewhere(old: str, new: str) -> None:
    """A solution that differs outside of the blocks is found out."""
    assert fill(STARTER, SOLUTION.replace(old, new)) is None


def test_a_starter_without_a_block() -> None:
    """Without a block nothing may differ."""
    assert fill("x\n", "x\n") == []
    assert fill("x\n", "y\n") is None


def test_words() -> None:
    """The package is renamed in imports and run lines, and nowhere else."""
    text = "python -m solutions.step02_echo.server  # solutions of solutions.other"
    assert as_starter(text) == "python -m starter.step02_echo.server  # solutions of solutions.other"
