"""Small changes of a program, each of which a good check notices.

The operators are those of mutmut and Cosmic Ray, as far as they fit. Neither has any for what learners of
asyncio forget (an ``await``, a ``self.``, an argument, a whole statement), so they are written here, on the
syntax tree. Only the text of the changed node is replaced; all other lines stay as they are.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

from workshop.checking.sources import flaw_of, lines_of, parsed

TURNED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
ORDERED = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitOr)  # whose operands cannot be exchanged
TEST = "test turned"
DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Raise, ast.Break, ast.Continue)


class Mutation(NamedTuple):
    """One change: what kind, in which line (from 1), the texts before and after, the whole new source."""

    kind: str
    line: int
    before: str
    after: str
    source: str


def mutations(source: str, lines: set[int]) -> Iterator[Mutation]:
    """Every change of a node that begins in one of these lines (from 1), in the order of the lines."""
    tree = parsed(source)
    found = [
        Mutation(kind, node.lineno, source[begin:end], after, source[:begin] + after + source[end:])
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt) and node.lineno in lines
        for kind, after in _changes(node)
        for begin, end in [_span(lines_of(source), _turned(node) if kind == TEST else node)]
    ]
    once = {each.source: each for each in reversed(found) if _means_something_else(tree, each.source)}
    yield from sorted(once.values(), key=lambda each: (each.line, each.kind, each.source))


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    """The kinds of changes of a node, each with the new text."""
    yield from _turned_conditions(node)
    match node:
        case ast.Await(value=value):
            yield "await taken out", ast.unparse(value)
        case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Load()):
            yield "self taken out", attribute
        case ast.Constant(value=bool(value)):
            yield "constant moved", str(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "constant moved", str(value + 1 if isinstance(value, int) else value * 2 or 1.0)
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "None returned", "return None"
        case ast.Call():
            yield from _arguments(node)
        case ast.BinOp(left=one, op=op, right=two) if isinstance(op, ORDERED) and ast.unparse(two) != "None":
            yield "operands swapped", ast.unparse(ast.BinOp(two, op, one))
    if isinstance(node, DROPPED) and not _is_text(node):
        yield "statement dropped", "pass"


def _turned_conditions(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if _is_plain(test):
            yield TEST, f"not {ast.unparse(test)}"
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield "condition turned", f"({ast.unparse(ast.BoolOp(other, values))})"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            yield "condition turned", f"{ast.unparse(left)} {TURNED[type(op)]} {ast.unparse(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "condition turned", ast.unparse(operand)


def _turned(node: ast.expr | ast.stmt) -> ast.expr:
    """The condition of a statement."""
    assert isinstance(node, ast.If | ast.IfExp | ast.While)
    return node.test


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition has no operator that could be turned instead."""
    return isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.Await | ast.Subscript)


def _arguments(call: ast.Call) -> Iterator[tuple[str, str]]:
    for number in range(len(call.args)):
        yield "argument taken out", _called(call, call.args[:number] + call.args[number + 1 :], call.keywords)
    for number in range(len(call.keywords)):
        kept = call.keywords[:number] + call.keywords[number + 1 :]
        yield "argument taken out", _called(call, call.args, kept)
    for number in range(len(call.args) - 1):
        swapped = [*call.args]
        swapped[number], swapped[number + 1] = swapped[number + 1], swapped[number]
        yield "arguments swapped", _called(call, swapped, call.keywords)


def _called(call: ast.Call, args: list[ast.expr], keywords: list[ast.keyword]) -> str:
    return ast.unparse(ast.Call(call.func, args, keywords))


def _is_text(node: ast.AST) -> bool:
    """Whether it is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _means_something_else(tree: ast.Module, changed: str) -> bool:
    """Whether it compiles, and is another program, not only other text."""
    return flaw_of(changed.encode()) is None and ast.dump(parsed(changed)) != ast.dump(tree)


def _span(lines: list[str], node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Where a node's text begins and ends; Python counts columns in bytes."""

    def offset(line: int, column: int) -> int:
        before = lines[line - 1].encode()[:column]
        return sum(map(len, lines[: line - 1])) + len(before.decode(errors="ignore"))

    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return offset(node.lineno, node.col_offset), offset(end_line, end_column)
