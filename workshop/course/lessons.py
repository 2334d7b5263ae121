"""What is new in a step beside its lesson: the lines that a student reads for nothing.

Compared are the solutions of two steps that follow each other, in the files that both have (mostly
`client.py` and `server.py`), as one heap of lines. What counts is lines of code: no empty lines, comments and
docstrings, and no imports, which follow from the code and name modules alone. A line that has moved, also to
another file, or that is indented otherwise, is unchanged. The lesson is left out: of the later step what is
in its TODO blocks; of the earlier one that, too, and what it built by hand to show how it is done, for which
later steps take what netlib and `workshop.game` have (`BY_HAND`).

Lines that were added and lines that are gone are counted apart; a line that was changed is one of each.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from workshop import steps
from workshop.checking.todo_blocks import fill
from workshop.steps import Step

MOST = 15  # lines that may be added, and that may be gone
HELD = ("07", "08", "09", "10", "11")  # steps that go on with the program of the one before
BEGINNINGS: Final = {  # the others from 05 on, and what begins there
    "05": "the fire of step 04, on netlib",
    "06": "a game with rules",
    "12": "a link of its own, and a window that outlives it",
    "13": "another game, small enough to test",
    "14": "the finished game",
}
BY_HAND: Final[Mapping[str, tuple[str, ...]]] = {  # files, or "file: class.method"
    "06": ("messages.py", "world.py", "client.py: Game.wanted"),
    "07": ("messages.py", "sync.py", "client.py: updated", "server.py: GemRush"),
    "08": ("beacon.py", "browser.py", "client.py: choose", "server.py: about"),
    "09": ("link.py", "messages.py", "round_trip.py", "slow_client.py", "client.py: Meter"),
    "10": ("prediction.py",),
    "11": ("interpolation.py",),
}
STAGE = re.compile(r"\b(?:starter|solutions)\.step\d\d_\w+")
Lines = dict[int, str]  # a file's lines of code by their numbers, from 1


class Change(msgspec.Struct, frozen=True):
    """What differs between two steps outside of their lessons, in lines of code."""

    added: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def small(self) -> bool:
        """Whether the lesson is seen."""
        return max(len(self.added), len(self.gone)) <= MOST


def beginning(earlier: Step, later: Step) -> str:
    """What to know before two solutions are compared: that a later one is told anew; "" when none is."""
    between = [number for number in BEGINNINGS if earlier.number < number <= later.number]
    if not between:
        return ""
    return f"Step {between[-1]} is a new beginning ({BEGINNINGS[between[-1]]}): most of its lines are new."


def problems(step: Step) -> Iterator[str]:
    """What hides a step's lesson, in one sentence."""
    it = change(step)
    if it and not it.small and step.number in HELD:
        counts = f"{len(it.added)} lines are new and {len(it.gone)} gone since the step before"
        yield f"{step.id}: beside its lesson {counts}; {MOST} are the most"


def change(later: Step) -> Change | None:
    """What differs between a step's solution and the one before, beside the lessons; None at the first."""
    earlier = next((step for step in steps.all_steps() if int(step.number) + 1 == int(later.number)), None)
    if earlier is None:
        return None
    before, after = _code(earlier), _code(later)
    shared = before.keys() & after.keys() - {*BY_HAND.get(earlier.number, ())}
    ours, theirs = _outside(earlier, before, shared, by_hand=True), _outside(later, after, shared)
    added = Counter(theirs) - Counter(_all(before))
    gone = Counter(ours) - Counter(_all(after))
    return Change(tuple(added.elements()), tuple(gone.elements()))


def _code(step: Step) -> dict[str, Lines]:
    paths = sorted(step.solution.glob("*.py"))
    return {path.name: code(path.read_text(encoding="utf-8")) for path in paths}


def _all(files: Mapping[str, Lines]) -> list[str]:
    return [line for lines in files.values() for line in lines.values()]


def code(source: str) -> Lines:
    """The lines of code in a source: no imports, docstrings, comments and empty lines."""
    left_out = {number for node in ast.walk(ast.parse(source)) for number in _words(node)}
    lines = (STAGE.sub("the stage", line.strip()) for line in source.splitlines())
    return {
        number: line
        for number, line in enumerate(lines, 1)
        if line and not line.startswith("#") and number not in left_out
    }


def _words(node: ast.AST) -> Iterable[int]:
    """The lines of an import, and of what stands alone as a text."""
    if isinstance(node, ast.Import | ast.ImportFrom) or (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return ()


def _outside(
    step: Step, files: Mapping[str, Lines], shared: Iterable[str], *, by_hand: bool = False
) -> Iterator[str]:
    for name in shared:
        source = (step.solution / name).read_text(encoding="utf-8")
        lesson = {*_todo_lines((step.starter / name).read_text(encoding="utf-8"), source)}
        if by_hand:
            lesson |= {*_by_hand(step, name, source)}
        yield from (line for number, line in files[name].items() if number not in lesson)


def _todo_lines(starter: str, solution: str) -> Iterator[int]:
    """The numbers of the solution's lines that stand in a TODO block."""
    moved = 0
    for one in fill(starter, solution) or []:
        first = one.block.first + moved + 1
        yield from range(first, first + len(one.solution))
        moved += len(one.solution) - len(one.starter)


def _by_hand(step: Step, file: str, source: str) -> Iterator[int]:
    for place in BY_HAND.get(step.number, ()):
        name, _, piece = place.partition(": ")
        if name == file:
            yield from _lines_of(ast.parse(source), piece.split("."))


def _lines_of(tree: ast.AST, names: list[str]) -> Iterator[int]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == names[0]:
            if names[1:]:
                yield from _lines_of(node, names[1:])
            else:
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
