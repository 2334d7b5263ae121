"""The TODOs of a step: where its starter has them, and which are still untouched in the attendee's files."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from workshop.checking.blame.pieces import MODULE, Piece, Pieces, pieces
from workshop.checking.stage import Stage
from workshop.checking.todo_blocks import MARK, Block, as_solution, blocks
from workshop.checking.verdict import Place, Spot


class Assignment:
    """What a step asks for.

    Args:
        starter: the files of its starter as it came, by name.
    """

    def __init__(self, starter: Mapping[str, str]) -> None:
        self._starter = {file: as_solution(text) for file, text in starter.items() if file.endswith(".py")}

    def todos_in(self, file: str, name: str) -> tuple[str, ...]:
        """The TODOs that the starter has in a piece."""
        inside = (block for piece, block in self._places(file) if piece.name == name)
        return tuple(todo for block in inside for todo in block.names)

    def untouched(self, stage: Stage) -> list[Spot]:
        """The TODO blocks that are still the starter's, in the order of their numbers."""
        found = [spot for file in self._starter for spot in self._untouched(file, stage.source(file))]
        return sorted(found, key=lambda spot: int(spot.todos[0].partition(".")[2]))

    def still_open(self, stage: Stage, place: Place | None) -> Spot | None:
        """The untouched TODO whose piece has a line; None for none."""
        if place is None or place.text not in map(str.strip, self._starter.get(place.file, "").splitlines()):
            return None  # a line that the learner has written
        return next((spot for spot in self.untouched(stage) if spot.has(place)), None)

    def has_todo(self, stage: Stage, place: Place) -> bool:
        """Whether a line is in a piece in which the starter has a TODO."""
        with suppress(SyntaxError):
            around = _around(pieces(stage.source(place.file)), place.line)
            return bool(self.todos_in(place.file, around.name))
        return False

    def _places(self, file: str) -> Iterator[tuple[Piece, Block]]:
        source = self._starter.get(file, "")
        found, lines = pieces(source), source.splitlines()
        for block in blocks(source):
            indented = lines[block.first].startswith((" ", "\t"))
            yield (_around(found, block.first + 1) if indented else _within(found, block)), block

    def _untouched(self, file: str, source: str) -> Iterator[Spot]:
        own: dict[str, Piece] = {}
        with suppress(SyntaxError):
            own = pieces(as_solution(source))
        for piece, block in self._places(file):
            if (theirs := own.get(piece.name)) and (
                theirs.meaning == piece.meaning or self._stands(file, block, as_solution(source))
            ):
                yield Spot(file, piece.name, theirs.first, theirs.last, block.names)

    def _stands(self, file: str, block: Block, source: str) -> bool:
        """Whether the code at the mark of a block, and the line on each side of it, are the starter's."""
        if not (mark := _line_of(source, block.names[0])):
            return False
        starter, lines = self._starter[file].splitlines(), source.splitlines()
        others = {number for each in blocks(self._starter[file]) for number in range(each.first, each.end)}
        code = [number for number, line in enumerate(starter) if _is_code(line) or number in others]
        above = [number for number in code if number < block.first][-1:]
        below = [number for number in code if number >= block.end][:1]
        before, behind = (_code([starter[n] for n in side if n not in others]) for side in (above, below))
        row = _code(starter[block.first : block.end]) + behind
        return _code(lines[:mark])[-1:][: len(before)] == before and _code(lines[mark:])[: len(row)] == row


def _around(found: Pieces, line: int) -> Piece:
    """The piece in which an indented line lies; a comment may stand behind all statements."""
    above = [piece for piece in found.values() if piece.name != MODULE and piece.first <= line]
    return max(above, key=lambda piece: piece.first, default=_rest(found, line))


def _within(found: Pieces, block: Block) -> Piece:
    """The piece that a block is about which stands by itself in the module: the first that lies in it."""
    inside = (piece for piece in found.values() if block.first < piece.first <= block.end)
    return next((piece for piece in inside if piece.name != MODULE), _rest(found, block.first + 1))


def _rest(found: Pieces, line: int) -> Piece:
    return found.get(MODULE, Piece(MODULE, line, line, "", "", ""))


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _code(lines: list[str]) -> list[str]:
    """The lines without those that are empty or a comment, and without indentation."""
    return [line.strip() for line in lines if _is_code(line)]


def _line_of(source: str, todo: str) -> int:
    """The line that has the mark of a TODO, counted from 1; 0 when none has."""
    marks = ((number, MARK.match(line)) for number, line in enumerate(source.splitlines(), 1))
    return next((number for number, mark in marks if mark and mark[2] == todo), 0)
