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
from collections.abc import Iterator
from typing import Final, TypeAlias

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
BY_HAND: Final[dict[str, tuple[str, ...]]] = {  # files, or "file: class.method"
    "06": ("messages.py", "world.py", "client.py: Game.wanted"),
    "07": ("messages.py", "sync.py", "client.py: updated", "server.py: GemRush"),
    "08": ("beacon.py", "browser.py", "client.py: choose", "server.py: about"),
    "09": ("link.py", "messages.py", "round_trip.py", "slow_client.py", "client.py: Meter"),
    "10": ("prediction.py",),
    "11": ("interpolation.py",),
}
STAGE = re.compile(r"\b(?:starter|solutions)\.step\d\d_\w+")
Line: TypeAlias = tuple[str, int]  # a file, and a number from 1


class Change(msgspec.Struct, frozen=True):
    """What differs between two steps outside of their lessons, in lines of code."""

    added: tuple[str, ...]
    gone: tuple[str, ...]


def beginning(earlier: Step, later: Step) -> str:
    """What to know before two solutions are compared: that a later one is told anew; "" when none is."""
    between = [number for number in BEGINNINGS if earlier.number < number <= later.number]
    if not between:
        return ""
    return f"Step {between[-1]} is a new beginning ({BEGINNINGS[between[-1]]}): most of its lines are new."


def problems(step: Step) -> Iterator[str]:
    """What hides a step's lesson, in one sentence."""
    if step.number in HELD and max(len((it := change(step)).added), len(it.gone)) > MOST:
        counts = f"{len(it.added)} lines are new and {len(it.gone)} gone since the step before"
        yield f"{step.id}: beside its lesson {counts}; {MOST} are the most"


def change(later: Step) -> Change:
    """What differs between a step's solution and the one before, beside the lessons."""
    all_steps = steps.all_steps()
    earlier = all_steps[all_steps.index(later) - 1]
    before, after = _code(earlier), _code(later)
    by_hand, todo = _by_hand(earlier) | _todo(earlier), _todo(later)
    shared = {file for file, _ in before.keys() - by_hand} & {file for file, _ in after}
    ours = Counter(text for at, text in before.items() if at[0] in shared and at not in by_hand)
    theirs = Counter(text for at, text in after.items() if at[0] in shared and at not in todo)
    added, gone = theirs - Counter(before.values()), ours - Counter(after.values())
    return Change(tuple(added.elements()), tuple(gone.elements()))


def _code(step: Step) -> dict[Line, str]:
    """The lines of code of a solution: no imports, no texts that stand alone, no comments, no empty lines."""
    found = {}
    for file, source in _sources(step).items():
        left_out = {line for node in ast.walk(ast.parse(source)) if _is_words(node) for line in _span(node)}
        for number, line in enumerate(source.splitlines(), 1):
            if number not in left_out and (text := line.strip()) and not text.startswith("#"):
                found[file, number] = STAGE.sub("the stage", text)
    return found


def _sources(step: Step) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(step.solution.glob("*.py"))}


def _is_words(node: ast.AST) -> bool:
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.Import | ast.ImportFrom)


def _span(node: ast.AST) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]


def _todo(step: Step) -> set[Line]:
    """The solution's lines that stand in a TODO block of the starter."""
    found = set()
    for file, source in _sources(step).items():
        moved = 1
        for one in fill((step.starter / file).read_text(encoding="utf-8"), source) or []:
            first = one.block.first + moved
            found |= {(file, number) for number in range(first, first + len(one.solution))}
            moved += len(one.solution) - len(one.starter)
    return found


def _by_hand(step: Step) -> set[Line]:
    sources = _sources(step)
    places = (place.partition(": ") for place in BY_HAND.get(step.number, ()))
    return {(file, number) for file, _, piece in places for number in _lines_of(sources[file], piece)}


def _lines_of(source: str, piece: str) -> range:
    """The lines of a class or function, or of all."""
    body, span = ast.parse(source).body, range(1, source.count("\n") + 1)
    for name in filter(None, piece.split(".")):
        node = next(it for it in body if getattr(it, "name", "") == name)
        body, span = node.body, _span(node)  # type: ignore[attr-defined]
    return span
