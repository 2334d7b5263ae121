"""What a starter leaves open: its TODO blocks, and what the solution has in their place."""

import difflib
import re
from collections.abc import Sequence

import msgspec

MARK = re.compile(r"^(\s*)# TODO (\d\d\.\d+): ")


class Block(msgspec.Struct, frozen=True):
    """Lines ``first`` to ``end`` (which is the first after them, counted from 0), and the TODOs in them."""

    first: int
    end: int
    names: tuple[str, ...]


class Filled(msgspec.Struct, frozen=True):
    """A block of the starter, and what the solution has in its place."""

    block: Block
    starter: tuple[str, ...]
    solution: tuple[str, ...]

    @property
    def to_write(self) -> int:
        """How many lines of the solution the starter does not have there; empty ones do not count."""
        matcher = difflib.SequenceMatcher(None, self.starter, self.solution, autojunk=False)
        new = [self.solution[j1:j2] for tag, _, _, j1, j2 in matcher.get_opcodes() if tag != "equal"]
        return sum(bool(line.strip()) for lines in new for line in lines)


def blocks(source: str) -> list[Block]:
    """The TODO blocks of a file.

    One begins at ``# TODO 02.1: …`` and ends at the next empty line, or the first that is indented less.
    """
    lines, found, number = source.splitlines(), list[Block](), 0
    while number < len(lines):
        if mark := MARK.match(lines[number]):
            end = _end(lines, number, len(mark[1]))
            names = tuple(m[2] for line in lines[number:end] if (m := MARK.match(line)))
            found.append(Block(number, end, names))
            number = end
        else:
            number += 1
    return found


def _end(lines: Sequence[str], first: int, indent: int) -> int:
    number = first
    while number < len(lines) and lines[number].strip() and _indent(lines[number]) >= indent:
        number += 1
    return number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def as_solution(source: str) -> str:
    """A starter's text with the package of the solutions, in imports and run lines."""
    return re.sub(r"\bstarter(?=[./])", "solutions", source)


def as_starter(source: str) -> str:
    """A solution's text with the package of the starters."""
    return re.sub(r"\bsolutions(?=[./]step)", "starter", source)


def fill(starter: str, solution: str) -> list[Filled] | None:
    """What the solution has instead of each block; None when they differ anywhere else, too."""
    lines, found = as_solution(starter).splitlines(), blocks(starter)
    ends = [0, *(block.end for block in found)]
    starts = [*(block.first for block in found), len(lines)]
    between = ["".join(f"{line}\n" for line in lines[a:b]) for a, b in zip(ends, starts, strict=True)]
    pattern = "((?:.*\n)*?)".join(re.escape(text) for text in between)
    whole = "".join(f"{line}\n" for line in solution.splitlines())
    match = re.fullmatch(pattern, whole)
    if match is None:
        return None
    return [
        Filled(block, tuple(lines[block.first : block.end]), tuple(text.splitlines()))
        for block, text in zip(found, match.groups(), strict=True)
    ]
