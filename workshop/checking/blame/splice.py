"""A program with one piece of another program instead of its own, and with what that piece needs.

Only text is moved: all other lines stay what they are.
"""

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from workshop.checking.blame.pieces import MODULE, Function, Piece, Pieces, mentions, pieces
from workshop.checking.sources import lines_of, parsed


def exchanged(base: str, donor: str, name: str) -> str:
    """A program with one piece of another instead of its own.

    What the piece needs and this program lacks comes along: functions, values, classes, imports.

    Raises:
        SyntaxError: one of them is not Python, or what comes of them is not.
        KeyError: one of them has no such piece.
    """
    return _spliced(base, donor, name, instead=True)


def accompanied(base: str, donor: str, name: str) -> str:
    """A program with what a piece of another would bring along, and with its own piece as it is."""
    return _spliced(base, donor, name, instead=False)


class Edit(NamedTuple):
    """Text instead of the lines from ``begin`` up to ``end``, which are counted from 0."""

    begin: int
    end: int
    text: str


def _spliced(base: str, donor: str, name: str, *, instead: bool) -> str:
    lines = lines_of(base if base.endswith("\n") else f"{base}\n")
    own, others = pieces(base), pieces(donor)
    along = _needed(others[name], own, others)
    edits = list(_replaced(own[name], others[name], len(lines))) if instead else []
    edits += _brought_imports(base, donor, [others[name], *along])
    edits += [_added(piece, own, others, base) for piece in along]
    text = _edited(lines, edits)
    parsed(text)
    return text


def _needed(piece: Piece, own: Pieces, others: Pieces) -> list[Piece]:
    """What a piece mentions and this program lacks, what that mentions, and so on; classes with all of it."""
    row = [piece]
    for each in row:  # it grows meanwhile
        row += [
            other
            for other in others.values()
            if other not in row and other.name not in own and _needs(each, other, own)
        ]
    return [other for other in others.values() if other in row[1:]]


def _needs(piece: Piece, other: Piece, own: Pieces) -> bool:
    if other.owner and other.owner == piece.name:
        return True
    stands_alone = other.owner in ("", other.name, *own)
    return stands_alone and mentions(piece.text, other)


def _replaced(piece: Piece, other: Piece, length: int) -> Iterator[Edit]:
    """The other piece where this one begins; what the module has by itself may need all above it."""
    spans = [*piece.spans] if piece.name != MODULE else [(length, length), *piece.spans]
    yield Edit(*spans[0], _indented(other, piece.indent))
    yield from (Edit(*span, "") for span in spans[1:])


def _added(piece: Piece, own: Pieces, others: Pieces, base: str) -> Edit:
    """A piece that the program lacks, after what is before it in the other one."""
    names = list(others)
    before = [own[name] for name in names[: names.index(piece.name)] if name in own]
    if piece.owner in own:
        line, indent = _end(own, own[piece.owner]), own[piece.owner].indent
    else:
        line, indent = _end(own, before[-1]) if before else 0, ""
        line = max(_top(base), min(line, _before_main(base)))
    return Edit(line, line, f"\n{_indented(piece, indent)}")


def _end(own: Pieces, piece: Piece) -> int:
    """The line after a piece, and after all others of its class."""
    family = [each for each in own.values() if each is piece or (each.owner and each.owner == piece.owner)]
    return max(end for each in family for _, end in each.spans)


def _indented(piece: Piece, indent: str) -> str:
    """The text of a piece, for a class that is indented so."""
    if not (indent and piece.indent) or indent == piece.indent:
        return piece.text
    return re.sub(rf"^{piece.indent}", lambda match: indent, piece.text, flags=re.MULTILINE)


def _edited(lines: list[str], edits: list[Edit]) -> str:
    """The edits from the bottom up; what is added at a line goes above what replaces that line."""
    order = sorted(enumerate(edits), key=lambda each: (each[1].begin, each[1].end > each[1].begin, each[0]))
    for _, edit in reversed(order):
        lines[edit.begin : edit.end] = [edit.text]
    return "".join(lines)


def _brought_imports(base: str, donor: str, texts: list[Piece]) -> Iterator[Edit]:
    """The imports of the other program that these pieces use, and this one has not."""
    own = {statement for _, statement in _imports(base)}
    for name, statement in _imports(donor):
        if statement not in own:
            if statement.startswith("from __future__"):
                yield Edit(_docstring_end(base), _docstring_end(base), f"{statement}\n")
            elif any(re.search(rf"\b{name}\b", piece.text) for piece in texts):
                yield Edit(_top(base), _top(base), f"{statement}\n")


def _imports(source: str) -> Iterator[tuple[str, str]]:
    """The imports at the top level of a file: each name, and the statement that it comes from."""
    for node in parsed(source).body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], ast.unparse(ast.Import([alias]))
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                statement = ast.unparse(ast.ImportFrom(node.module, [alias], node.level))
                yield (alias.asname or alias.name).replace("*", r"\w*"), statement


def _docstring_end(source: str) -> int:
    tree = parsed(source)
    return (tree.body[0].end_lineno or 0) if ast.get_docstring(tree, clean=False) is not None else 0


def _top(source: str) -> int:
    """The line after the imports before the first function or class, counted from 0."""
    line = _docstring_end(source)
    for node in parsed(source).body:
        if isinstance(node, Function | ast.ClassDef):
            break
        if isinstance(node, ast.Import | ast.ImportFrom):
            line = node.end_lineno or line
    return line


def _before_main(source: str) -> int:
    """The line of ``if __name__ == …``, counted from 0; the end where there is none."""
    nodes = [node for node in parsed(source).body if isinstance(node, ast.If)]
    mains = [node.lineno - 1 for node in nodes if "__name__" in ast.unparse(node.test)]
    return min(mains, default=len(lines_of(source)))
