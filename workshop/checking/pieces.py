"""The pieces of a program, and one of them exchanged for another program's.

A piece is a function, a method, what a class has beside its methods, a value of the module, or the rest of
the module; imports are none. Only text is moved: all other lines stay what they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

MODULE = "the module's own lines"
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Piece(NamedTuple):
    """A piece of a file.

    Args:
        first, last: its lines, counted from 1; of a class those before its first method.
        text: what stands there.
        owner: the class that it belongs to; empty for none.
        meaning: its syntax, without comments, docstrings and layout: equal for what does the same.
    """

    name: str
    first: int
    last: int
    text: str
    owner: str
    meaning: str


def pieces(source: str) -> dict[str, Piece]:
    """The pieces of a file by name, such as "World.run", from the top down.

    Raises:
        SyntaxError: it is not Python.
    """
    lines = source.splitlines(keepends=True)
    return {piece.name: piece for piece in _pieces(ast.parse(source), lines)}


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
    first = _first(node)
    last = min([_first(each) - 1 for each in methods], default=node.end_lineno or first)
    text = "".join(lines[first - 1 : last])
    yield Piece(node.name, first, _trimmed(lines, last), text, node.name, ast.dump(head))
    for method in methods:
        yield _piece(f"{node.name}.{method.name}", [method], lines, node.name)


def _piece(name: str, nodes: list[ast.stmt], lines: list[str], owner: str = "") -> Piece:
    first, last = _first(nodes[0]), nodes[-1].end_lineno or 0
    text = "".join("".join(lines[_first(node) - 1 : node.end_lineno]) for node in nodes)
    return Piece(name, first, last, text, owner, " ".join(_meaning(node) for node in nodes))


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


def exchanged(base: str, donor: str, name: str) -> str:
    """A program with one piece of another in the place of its own.

    What else the other has and this one lacks comes along (functions, values, classes, imports), since the
    piece may need it.

    Raises:
        SyntaxError: one of them is not Python.
        KeyError: the other has no such piece.
    """
    own, others, lines = pieces(base), pieces(donor), base.splitlines(keepends=True)
    edits = [_replaced(own[name], others[name], len(lines))] if name in own else []
    lacking = {key: piece for key, piece in others.items() if key not in own}
    top, end = _after_imports(base), _before_main(base)
    edits.append(
        Edit(top, top, "".join(f"{line}\n" for line in _imports(donor) if line not in _imports(base)))
    )
    for piece in lacking.values():
        edits.append(_added(piece, own, top, end))
    return _edited(lines, edits)


class Edit(NamedTuple):
    """Text in the place of the lines from ``begin`` up to ``end``, which are counted from 0."""

    begin: int
    end: int
    text: str


def _replaced(piece: Piece, other: Piece, length: int) -> Edit:
    if piece.name == MODULE:
        return Edit(length, length, f"\n{other.text}")
    return Edit(piece.first - 1, piece.first - 1 + len(piece.text.splitlines()), _ended(other.text))


def _added(piece: Piece, own: Mapping[str, Piece], top: int, end: int) -> Edit:
    """A piece that the program lacks: what others may need at once to the top, methods to their class."""
    if piece.owner in own:
        line = max(
            each.first - 1 + len(each.text.splitlines()) for each in own.values() if each.owner == piece.owner
        )
        return Edit(line, line, f"\n{_ended(piece.text)}")
    at_once = piece.owner or not piece.text.lstrip().startswith(("def ", "async def ", "@"))
    line = end if piece.name == MODULE or not at_once else top
    return Edit(line, line, f"\n{_ended(piece.text)}")


def _edited(lines: list[str], edits: list[Edit]) -> str:
    """The edits from the bottom up; of several at one line, in the order in which they are given."""
    for _, edit in sorted(enumerate(edits), key=lambda each: (each[1].begin, each[0]), reverse=True):
        lines[edit.begin : edit.end] = [edit.text]
    return "".join(lines)


def _imports(source: str) -> list[str]:
    """The import statements at the top level of a file, one line each."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [ast.unparse(node) for node in nodes]


def _after_imports(source: str) -> int:
    """The line behind the last import, counted from 0."""
    body = ast.parse(source).body
    ends = [node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    return max(ends, default=0)


def _before_main(source: str) -> int:
    """The line of ``if __name__ == …``, counted from 0; the end where there is none."""
    nodes = [node for node in ast.parse(source).body if isinstance(node, ast.If)]
    mains = [node.lineno - 1 for node in nodes if "__name__" in ast.unparse(node.test)]
    return min(mains, default=len(source.splitlines()))


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
