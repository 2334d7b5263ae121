"""The vocabulary of evidence: what can be said of a learner's program, each as a small function of data.

A fact looks at the `Evidence` and gives the line where it holds, True where it holds without a line, and None
where it does not hold. Code is named by `patterns`, places by pieces such as "World.run".
"""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise, starmap
from typing import Literal, NamedTuple, TypeAlias

from workshop.checking.evidence.patterns import found
from workshop.checking.stage import Stage
from workshop.checking.verdict import Place, Trouble, Wrong

LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
COMPARISONS = ("_ < _", "_ <= _", "_ > _", "_ >= _")
BLOCKED_SECONDS = 1.0  # that an event loop stands still when that is a cause by itself


class Evidence(NamedTuple):
    """What is known when a part has failed.

    Args:
        stage: the learner's files.
        wrong: what was expected, and what was seen.
        troubles: what went wrong inside their programs.
        lines: what the programs printed.
        model: the files of the step done, where they may be compared.
    """

    stage: Stage
    wrong: Wrong
    troubles: tuple[Trouble, ...] = ()
    lines: tuple[str, ...] = ()
    model: Stage | None = None


Seen: TypeAlias = Place | Literal[True] | None


class Fact(NamedTuple):
    """What can be said of a program: what looks for it, and the piece in which that looks; "" for all."""

    look: Callable[[Evidence], Seen]
    inside: str = ""

    def __call__(self, evidence: Evidence) -> Seen:
        """Where it holds."""
        return self.look(evidence)


def has(*codes: str, inside: str = "", file: str = "") -> Fact:
    """One of these patterns stands there, see `patterns`.

    Args:
        inside: only within this piece, such as "World.run" or "World".
        file: only in this file.
    """
    return _first(codes, inside, file, lambda node, above: True)


def lacks(*codes: str, inside: str = "", file: str = "") -> Fact:
    """None of these patterns stands there, nor anywhere else where the model has none: it may have moved.

    The place is where ``inside`` begins, if anything.
    """

    def look(evidence: Evidence) -> Seen:
        if any(_hits(evidence, codes, inside, file)) or _has_more_elsewhere(evidence, codes, inside, file):
            return None
        if not inside:
            return True
        return next((place for place, _, name in _defined(evidence, file) if name == inside), None)

    return Fact(look, inside)


def loops(*codes: str, inside: str = "", file: str = "") -> Fact:
    """One of these patterns stands in a loop, or in a comprehension: not in what those go through."""
    return _first(codes, inside, file, lambda node, above: any(starmap(_repeats, pairwise([*above, node]))))


def discards(*codes: str, inside: str = "", file: str = "") -> Fact:
    """One of these patterns is a statement by itself: nothing is done with what it gives."""
    return _first(codes, inside, file, lambda node, above: isinstance(above[-1], ast.Expr))


def unawaited(*codes: str, inside: str = "", file: str = "") -> Fact:
    """One of these patterns, a call, stands there without ``await`` directly before it."""
    return _first(codes, inside, file, lambda node, above: not isinstance(above[-1], ast.Await))


def ordered(first: str, then: str, inside: str = "", file: str = "") -> Fact:
    """Within one piece the first pattern stands above the other; the place is the first's."""

    def look(evidence: Evidence) -> Place | None:
        one = next(_hits(evidence, (first,), inside, file), None)
        others = [place for place, _, _ in _hits(evidence, (then,), inside, file)]
        if one is None or not any(o.file == one[0].file and o.line > one[0].line for o in others):
            return None
        return one[0]

    return Fact(look, inside)


def parameters(function: str, count: int, file: str = "") -> Fact:
    """A function has so many parameters, ``self`` among them."""

    def fits(node: Function) -> bool:
        arguments = node.args
        return len([*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]) == count

    return _function(function, file, fits)


def is_async(function: str, file: str = "") -> Fact:
    """A function is defined with ``async def``."""
    return _function(function, file, lambda node: isinstance(node, ast.AsyncFunctionDef))


def text(expression: str, file: str = "") -> Fact:
    """A line matches a regular expression: for what syntax trees do not show."""

    def look(evidence: Evidence) -> Place | None:
        stage = evidence.stage
        places = (stage.find(each, expression) for each in ([file] if file else stage.files))
        return next((place for place in places if place), None)

    return Fact(look)


def raised(name: str, words: str = "") -> Fact:
    """An exception of this type, or a warning, came up in the program; ``words`` is a regular expression."""
    return _troubled(
        lambda it: it.kind != "blocked" and it.name == name and bool(re.search(words, it.message))
    )


def saw(expression: str) -> Fact:
    """What was seen matches a regular expression."""
    return Fact(lambda evidence: True if re.search(expression, evidence.wrong.saw) else None)


def printed(expression: str) -> Fact:
    """The program printed a line that matches a regular expression."""
    return Fact(
        lambda evidence: True if any(re.search(expression, line) for line in evidence.lines) else None
    )


def unless(*facts: Fact) -> Fact:
    """None of these facts holds: what would refute a cause, since the hint stands there already, say."""
    return Fact(lambda evidence: None if any(fact(evidence) for fact in facts) else True)


def either(*facts: Fact) -> Fact:
    """At least one of these holds."""
    return Fact(lambda evidence: next((place for fact in facts if (place := fact(evidence))), None))


def _troubled(fits: Callable[[Trouble], bool]) -> Fact:
    """Something of this kind went wrong in the program; the place is the first one's."""
    return Fact(lambda evidence: next((it.place or True for it in evidence.troubles if fits(it)), None))


# The program's event loop stood still, and the machine did not.
blocked = _troubled(lambda it: it.kind == "blocked" and float(it.name) >= BLOCKED_SECONDS)

Hit: TypeAlias = tuple[Place, ast.AST, list[ast.AST]]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def _first(
    codes: tuple[str, ...], inside: str, file: str, fits: Callable[[ast.AST, list[ast.AST]], bool]
) -> Fact:
    """One of these patterns stands there, as a node that fits to what it stands in; the place is its line."""

    def look(evidence: Evidence) -> Place | None:
        hits = _hits(evidence, codes, inside, file)
        return next((place for place, node, above in hits if fits(node, above)), None)

    return Fact(look, inside)


def _function(function: str, file: str, fits: Callable[[Function], bool]) -> Fact:
    """A function of this name is of this kind; the place is where it begins."""

    def look(evidence: Evidence) -> Place | None:
        for place, node, name in _defined(evidence, file):
            if not isinstance(node, ast.ClassDef) and f".{name}".endswith(f".{function}") and fits(node):
                return place
        return None

    return Fact(look)


def _hits(evidence: Evidence, codes: tuple[str, ...], inside: str, file: str) -> Iterator[Hit]:
    """Where a pattern fits: the line, the node, and what it stands in, from outside in."""
    for name in [file] if file else evidence.stage.files:
        tree = evidence.stage.tree(name)
        nodes, parents = [node for code in codes for node in found(code, tree)], _parents(tree)
        for node in sorted(nodes, key=_line):
            above = _above(parents, node)
            if not inside or f"{_name_of([*above, node])}.".startswith(f"{inside}."):
                yield evidence.stage.place(name, _line(node)), node, above


def _has_more_elsewhere(evidence: Evidence, codes: tuple[str, ...], inside: str, file: str) -> bool:
    """Whether the whole program has more of these than the model has outside of the piece."""
    if evidence.model is None or not (inside or file):
        return False
    models = evidence._replace(stage=evidence.model)
    outside = _count(models, codes) - _count(models, codes, inside, file)
    return _count(evidence, codes) > outside


def _count(evidence: Evidence, codes: tuple[str, ...], inside: str = "", file: str = "") -> int:
    return sum(1 for _ in _hits(evidence, codes, inside, file))


def _defined(evidence: Evidence, file: str) -> Iterator[tuple[Place, Function | ast.ClassDef, str]]:
    """Every function and class: where it begins, its node, and its name with those around it: "World.run"."""
    for name in [file] if file else evidence.stage.files:
        tree = evidence.stage.tree(name)
        parents = _parents(tree)
        for node in ast.walk(tree):
            if isinstance(node, DEFINITIONS):
                yield evidence.stage.place(name, node.lineno), node, _name_of([*_above(parents, node), node])


def _name_of(row: list[ast.AST]) -> str:
    """The functions and classes among nodes of which each is in the one before it, as in "World.run"."""
    return ".".join(each.name for each in row if isinstance(each, DEFINITIONS))


Parents: TypeAlias = dict[ast.AST, ast.AST]


def _parents(tree: ast.AST) -> Parents:
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def _above(parents: Parents, node: ast.AST) -> list[ast.AST]:
    """What a node is in, from the file to its parent."""
    row, at = list[ast.AST](), node
    while (parent := parents.get(at)) is not None:
        row.append(parent)
        at = parent
    return row[::-1]


def _repeats(outer: ast.AST, inner: ast.AST) -> bool:
    """Whether a node runs one that is in it again and again."""
    if isinstance(outer, LOOPS):
        return inner in outer.body or (isinstance(outer, ast.While) and inner is outer.test)
    return isinstance(outer, COMPREHENSIONS) and inner is not outer.generators[0]


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0))
