"""What differs between two stages, in the parts that matter."""

from hypothesis import given
from hypothesis import strategies as st

from workshop.course.differences import compare, compare_all, differences

STARTER = '''"""Run it with ``python -m starter.step02_echo.server``."""

from starter.step02_echo.messages import Hello


def serve():
    # TODO 02.1: answer every message.
    # It may take a loop.
    answer()

    close()
'''
SOLUTION = '''"""Run it with ``python -m solutions.step02_echo.server``."""

from solutions.step02_echo.messages import Hello


def serve():
    while True:
        answer()

    close()
'''


def test_only_what_matters() -> None:
    """Neither the word starter nor the comments of a TODO are a difference; the code is, with its lines."""
    (hunk,) = compare(STARTER, SOLUTION)
    (changed,) = [part for part in hunk if not part.same]
    assert [(line.number, line.text) for line in changed.left] == [(9, "    answer()")]
    right = [(line.number, line.text) for line in changed.right]
    assert right == [(7, "    while True:"), (8, "        answer()")]
    assert sum(len(part.left) for part in hunk if part.same) == 4, "two lines around it on each side"


def test_a_solved_starter_does_not_differ() -> None:
    """The typed solution, with the TODO above it and a space at its end, differs in nothing."""
    mine = STARTER.replace("    answer()\n", "    while True: \n        answer()\n")
    assert compare(mine, SOLUTION) == []
    assert compare_all(mine, SOLUTION) != []


def test_another_stage_is_a_difference() -> None:
    """An import from another step's stage is shown, but between solutions; words alone matter, too."""
    left, right = "import starter.step02_echo.x", "import solutions.step03_broadcast.x"
    assert compare(left, right)
    assert not compare(left, right, as_one=("step02_echo", "step03_broadcast"))
    assert compare("starter = 1", "solutions = 1")


def test_far_apart_is_two_hunks() -> None:
    """Two differences with much between them are two hunks, and everything is one."""
    middle = "".join(f"{number}\n" for number in range(20))
    assert len(compare(f"a\n{middle}b\n", f"x\n{middle}y\n")) == 2
    (whole,) = compare_all(f"a\n{middle}b\n", f"x\n{middle}y\n")
    assert sum(len(part.left) for part in whole) == 22


def test_files_by_name() -> None:
    """Files that only one side has are marked so, and shown whole; equal ones are left out."""
    left = {"a.py": "1", "b.py": "2", "c.py": "3"}
    found = differences(left, {"b.py": "2", "c.py": "4", "d.py": "5", "empty.py": ""})
    kinds = {"a.py": "only left", "c.py": "changed", "d.py": "only right", "empty.py": "only right"}
    assert {one.path: one.kind for one in found} == kinds
    assert [line.text for part in found[2].hunks[0] for line in part.right] == ["5"]


LINES = st.lists(st.sampled_from(["a", "b", "c", "  # TODO 02.1: x", "  # more", ""]), max_size=12)


@given(LINES, LINES)
def test_everything_can_be_put_together_again(left: list[str], right: list[str]) -> None:
    """All lines of both sides are in the whole comparison, in order, each with its number."""
    hunks = compare_all("\n".join(left), "\n".join(right))
    ours = [line for hunk in hunks for part in hunk for line in part.left]
    theirs = [line for hunk in hunks for part in hunk for line in part.right]
    if "\n".join(left).splitlines() != "\n".join(right).splitlines():
        assert [line.text for line in ours] == "\n".join(left).splitlines()
        assert [line.text for line in theirs] == "\n".join(right).splitlines()
        assert [line.number for line in ours] == list(range(1, len(ours) + 1))


@given(LINES)
def test_a_text_does_not_differ_from_itself(lines: list[str]) -> None:
    """Whatever is in it."""
    assert compare("\n".join(lines), "\n".join(lines)) == []
