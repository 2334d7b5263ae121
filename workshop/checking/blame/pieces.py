"""The pieces of a program.

A piece is a function, a method, what a class has beside its methods, a value of the module, or the rest of
the module; imports are none.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from workshop.checking.sources import lines_of, parsed

MODULE = "the module's own lines"
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Pieces: TypeAlias = Mapping[str, "Piece"]


class Piece(NamedTuple):
    """A piece of a file.

    Args:
        first, last: its lines, counted from 1; of a class those before its first method.
        text: what is there, and in all other lines of it.
        owner: the class that it belongs to; empty for none.
        meaning: its syntax, without comments, docstrings and layout: equal for what does the same.
        spans: all its lines, from and up to, counted from 0.
        indent: what is before each statement of its class.
    """

    name: str
    first: int
    last: int
    text: str
    owner: str
    meaning: str
    spans: tuple[tuple[int, int], ...] = ()
    indent: str = ""


def pieces(source: str) -> dict[str, Piece]:
    """The pieces of a file by name, such as "World.run", from the top down.

    Of two with one name the second takes the place of the first, as in Python; one with a decorator, as of
    a property's setter, is "World.size (2)".

    Raises:
        SyntaxError: it is not Python.
    """
    found, times = dict[str, Piece](), Counter[str]()
    try:
        for piece in _pieces(parsed(source), lines_of(source)):
            times[piece.name] += 1
            adds = times[piece.name] > 1 and piece.text.lstrip().startswith("@")
            name = f"{piece.name} ({times[piece.name]})" if adds else piece.name
            found.pop(name, None)
            found[name] = piece._replace(name=name)
    except RecursionError as error:
        raise SyntaxError(str(error)) from error
    return found


def _pieces(tree: ast.Module, lines: list[str]) -> Iterator[Piece]:
    rest = list[ast.stmt]()
    for node in _code(tree.body):
        if isinstance(node, Function):
            yield _piece(node.name, [node], lines)
        elif isinstance(node, ast.ClassDef):
            yield from _class(node, lines)
        elif name := _target(node):
            yield _piece(name, [node], lines)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            rest.append(node)
    if rest:
        yield _piece(MODULE, rest, lines)


def _class(node: ast.ClassDef, lines: list[str]) -> Iterator[Piece]:
    methods = [each for each in node.body if isinstance(each, Function)]
    body = [each for each in _code(node.body) if not isinstance(each, Function)]
    head = ast.ClassDef(node.name, node.bases, node.keywords, body, node.decorator_list)
    first, end = _first(node), node.end_lineno or node.lineno
    last = min([_first(each) - 1 for each in methods], default=end)
    spans = ((first - 1, last), *(_span(each) for each in body if each.lineno > last))
    indent = _indent(node.body[0], lines)
    text = _text(spans, lines)
    yield Piece(node.name, first, _trimmed(lines, last), text, node.name, ast.dump(head), spans, indent)
    for method in methods:
        yield _piece(f"{node.name}.{method.name}", [method], lines, node.name, indent)


def _piece(name: str, nodes: list[ast.stmt], lines: list[str], owner: str = "", indent: str = "") -> Piece:
    spans = tuple(dict.fromkeys(map(_span, nodes)))
    meaning = " ".join(map(_meaning, nodes))
    return Piece(name, spans[0][0] + 1, spans[-1][1], _text(spans, lines), owner, meaning, spans, indent)


def _text(spans: Iterable[tuple[int, int]], lines: list[str]) -> str:
    return "".join(_ended("".join(lines[begin:end])) for begin, end in spans)


def _meaning(node: ast.stmt) -> str:
    if isinstance(node, Function):
        plain = type(node)(**{**dict(ast.iter_fields(node)), "body": _code(node.body)})
        return ast.dump(plain)
    return ast.dump(node)


def _code(body: list[ast.stmt]) -> list[ast.stmt]:
    """A body without its docstring."""
    match body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest
    return body


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _span(node: ast.stmt) -> tuple[int, int]:
    return _first(node) - 1, node.end_lineno or node.lineno


def _indent(node: ast.stmt, lines: list[str]) -> str:
    """What is before a statement; empty when that is other code."""
    before = lines[node.lineno - 1][: node.col_offset]
    return "" if before.strip() else before


def _trimmed(lines: list[str], last: int) -> int:
    while last > 1 and not lines[last - 1].strip():
        last -= 1
    return last


def _target(node: ast.stmt) -> str:
    """The name that a statement gives a value to; empty when it is no such one."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    return ""


def mentions(text: str, piece: Piece) -> bool:
    """Whether a text has the name of a piece, without that of its class."""
    name = piece.name.partition(" (")[0].rpartition(".")[2]
    return re.search(rf"\b{re.escape(name)}\b", text) is not None


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
