"""Patterns of code, written as code: what is in a learner's program, whatever its names and layout.

``_`` stands for any expression or name, and ``...`` among arguments for any more of them. A name such as
``_X`` (one capital letter) stands for anything, and for the same thing each time. The body of a statement
must have what the pattern's body has, at any depth: ``for _X in _: await _X.send(...)``; ``...`` is any body.
What a statement of a pattern leaves out may be there. The idea is that of ast-grep and Semgrep.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

Bound: TypeAlias = dict[str, str]
ANY, SAME = "_", re.compile(r"_[A-Z]")
SKIPPED = {"ctx", "type_comment", "type_params", "kind"}
KINDS = (ast.expr, ast.stmt)
BODIES = {"body", "orelse", "finalbody", "handlers"}


@cache
def pattern(code: str) -> ast.AST:
    """The syntax of a pattern: of a single expression that, of anything else its first statement."""
    statement = ast.parse(code).body[0]
    return statement.value if isinstance(statement, ast.Expr) else statement


def found(code: str, tree: ast.AST) -> Iterator[ast.AST]:
    """Every node below ``tree`` that the pattern fits, from the top of the file down."""
    wanted = pattern(code)
    hits = [node for node in ast.walk(tree) if isinstance(node, KINDS) and fits(wanted, node, {})]
    yield from sorted(hits, key=lambda node: (node.lineno, node.col_offset))


def fits(wanted: Any, node: Any, bound: Bound) -> bool:
    """Whether a pattern fits a node; ``bound`` is what its names stand for so far."""
    if isinstance(wanted, ast.Name) and _is_open(wanted.id):
        return isinstance(node, ast.AST) and (wanted.id == ANY or _same(wanted.id, ast.unparse(node), bound))
    if isinstance(wanted, ast.Call) and isinstance(node, ast.Call):
        return fits(wanted.func, node.func, bound) and _arguments_fit(wanted, node, bound)
    if isinstance(wanted, ast.AST):
        return type(wanted) is type(node) and all(
            _field_fits(wanted, name, value, getattr(node, name, None), bound)
            for name, value in ast.iter_fields(wanted)
            if name not in SKIPPED
        )
    if isinstance(wanted, list):
        return isinstance(node, list) and _row_fits(wanted, node, bound)
    if isinstance(wanted, str) and _is_open(wanted):
        return node is not None and _same(wanted, str(node), bound)
    return bool(wanted == node) and isinstance(wanted, bool) == isinstance(node, bool)


def _field_fits(owner: ast.AST, name: str, wanted: Any, node: Any, bound: Bound) -> bool:
    is_statement = isinstance(owner, ast.stmt | ast.excepthandler)
    if is_statement and name in BODIES:
        return _stand_in(wanted, node, bound)
    if is_statement and not isinstance(owner, ast.Return) and wanted in (None, []):
        return True
    return fits(wanted, node, bound)


def _stand_in(wanted: Sequence[Any], body: Sequence[ast.AST], bound: Bound) -> bool:
    """Whether all of these are in a body, at any depth."""
    rest = [one for one in wanted if not _is_rest(one)]
    if not rest:
        return True
    sought = rest[0].value if isinstance(rest[0], ast.Expr) else rest[0]

    def first_and_others(one: Any, node: Any, bound: Bound) -> bool:
        return fits(one, node, bound) and _stand_in(rest[1:], body, bound)

    return any(_tried(first_and_others, sought, node, bound) for part in body for node in ast.walk(part))


def _arguments_fit(wanted: ast.Call, node: ast.Call, bound: Bound) -> bool:
    """Keywords have no order, and may be more where the pattern has an ellipsis."""
    more, extra = any(map(_is_rest, wanted.args)), len(node.keywords) - len(wanted.keywords)
    return (
        (extra == 0 or (more and extra > 0))
        and _row_fits(wanted.args, node.args, bound)
        and all(any(_tried(fits, one, word, bound) for word in node.keywords) for one in wanted.keywords)
    )


def _row_fits(wanted: Sequence[Any], nodes: Sequence[Any], bound: Bound) -> bool:
    """Whether a row of patterns fits a row of nodes; an ellipsis in it fits any number of them."""
    if not wanted:
        return not nodes
    if _is_rest(wanted[0]):
        return any(_tried(_row_fits, wanted[1:], nodes[skip:], bound) for skip in range(len(nodes) + 1))
    return bool(nodes) and fits(wanted[0], nodes[0], bound) and _row_fits(wanted[1:], nodes[1:], bound)


def _tried(test: Callable[[Any, Any, Bound], bool], wanted: Any, node: Any, bound: Bound) -> bool:
    """Whether it fits; what names stand for is kept only then."""
    if fitting := test(wanted, node, attempt := dict(bound)):
        bound.update(attempt)
    return fitting


def _is_open(name: str) -> bool:
    return name == ANY or SAME.fullmatch(name) is not None


def _same(name: str, text: str, bound: Bound) -> bool:
    return name == ANY or bound.setdefault(name, text) == text


def _is_rest(wanted: Any) -> bool:
    inner = wanted.value if isinstance(wanted, ast.Expr) else wanted
    return isinstance(inner, ast.Constant) and inner.value is ...
