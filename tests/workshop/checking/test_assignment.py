"""The TODOs of a step: in which piece each is, and which still stand as they came."""

import pytest

from tests.workshop.checking.conftest import Write
from workshop.checking.assignment import Assignment
from workshop.checking.blame.pieces import MODULE
from workshop.checking.verdict import Place

STARTER = """\
import starter.step99_tried.world

# TODO 99.5: a better speed
SPEED = 1

# TODO 99.6: say hello
print()


class World:
    # TODO 99.4: a score
    size: int = 3

    def run(self):
        begin()
        # TODO 99.10: walk
        walked = None

        # TODO 99.2: and draw
        end(walked)

    def stop(self):
        pass
        # TODO 99.3: tell it
"""
ASSIGNMENT = Assignment({"a.py": STARTER, "words.txt": "# TODO 99.9: no program"})
ALL = ["99.2", "99.3", "99.4", "99.5", "99.6", "99.10"]


@pytest.mark.parametrize(
    ("piece", "todos"),
    [
        ("SPEED", ("99.5",)),
        (MODULE, ("99.6",)),
        ("World", ("99.4",)),
        ("World.run", ("99.10", "99.2")),
        ("World.stop", ("99.3",)),
        ("World.other", ()),
    ],
)
def test_where_the_starter_has_them(piece: str, todos: tuple[str, ...]) -> None:
    """A TODO belongs to the piece around it, or to the one that it stands above in the module."""
    assert ASSIGNMENT.todos_in("a.py", piece) == todos


@pytest.mark.parametrize(
    ("old", "new", "done"),
    [
        ("", "", []),
        ("starter.", "solutions.", []),
        ("\n", "\r\n", []),
        ("    # TODO 99.4: a score\n", "", []),
        ("SPEED = 1", "SPEED  =  1 # mine", []),
        ("size: int = 3", "size: int = 4", ["99.4"]),
        ("walked = None", "walked = walk()", ["99.10"]),
        ("    end(walked)", "    draw()\n        end(walked)", ["99.2"]),
        ("# TODO 99.2: and draw", "draw()", ["99.2"]),
        ("# TODO 99.10: walk\n        walked = None", "walked = walk()", ["99.10"]),
        ("begin()", "begin(1)", ["99.10"]),
        ("def stop", "def halt", ["99.3"]),
        ("class World:", "class World", ALL),
    ],
)
def test_untouched(stage: Write, old: str, new: str, done: list[str]) -> None:
    """A TODO stands as it came when its piece means the same, or its lines stand between the same ones."""
    spots = ASSIGNMENT.untouched(stage(a=STARTER.replace(old, new) if old else STARTER))
    assert [todo for spot in spots for todo in spot.todos] == [todo for todo in ALL if todo not in done]


def test_a_line(stage: Write) -> None:
    """A line is in a TODO that is still open, in the piece of one, or in none."""
    tried = stage(a=STARTER.replace("size: int = 3", "size: int = 4"), b="x = 1\n")
    still_open = ASSIGNMENT.still_open(tried, Place("a.py", 17))
    assert str(still_open) == "`World.run`, a.py lines 14–20 (TODO 99.2)"
    size, other = Place("a.py", 12), Place("b.py", 1)
    assert [ASSIGNMENT.still_open(tried, place) for place in (size, other, None)] == [None] * 3
    assert ASSIGNMENT.has_todo(tried, size)
    assert not ASSIGNMENT.has_todo(tried, other)
