"""The pieces of a program: their names, lines and texts, and what counts as the same piece."""

import pytest

from workshop.checking.blame.pieces import MODULE, pieces

SOURCE = '''"""Words."""
import a

LIMIT: int = 3
pair = other = 1, 2

@wrapped
class Player(Base):
    """Words."""
    x: int = 0

    @property
    def y(self):
        return 1

    @y.setter
    def y(self, value):
        pass

    z = y

async def run():
    pass

if __name__ == "__main__":
    run()
'''


def test_names_lines_and_texts() -> None:
    """Functions, methods, classes without those, values, and the rest; a second one has its number."""
    found = pieces(SOURCE)
    lines = {piece.name: (piece.first, piece.last) for piece in found.values()}
    assert lines == {
        "LIMIT": (4, 4),
        "Player": (7, 10),
        "Player.y": (12, 14),
        "Player.y (2)": (16, 18),
        "run": (22, 23),
        MODULE: (5, 26),
    }
    assert found["Player"].text.endswith("x: int = 0\n\n    z = y\n")
    assert found["Player.y (2)"].owner == "Player"
    assert found[MODULE].text == 'pair = other = 1, 2\nif __name__ == "__main__":\n    run()\n'


@pytest.mark.parametrize(
    ("old", "new", "piece"),
    [
        ("return 1", "return  (1)  # one", None),
        ('    """Words."""', '    """Others."""', None),
        ("return 1", "return 2", "Player.y"),
        ("pass\n\n    z", "...\n\n    z", "Player.y (2)"),
        ("z = y", "z = x", "Player"),
        ("@wrapped", "@other", "Player"),
        ("async def", "def", "run"),
        ("1, 2", "1, 3", MODULE),
        ("import a", "import b", None),
    ],
)
def test_the_meaning(old: str, new: str, piece: str | None) -> None:
    """Comments, docstrings and layout mean nothing; all else belongs to one piece."""
    one, two = pieces(SOURCE), pieces(SOURCE.replace(old, new, 1))
    assert [name for name in one if one[name].meaning != two[name].meaning] == [piece] * bool(piece)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_lines_as_python_counts_them(end: str) -> None:
    """A form feed, and what Unicode calls the end of a line, end none; Windows' ends do."""
    found = pieces('x = "\u2028"\n\f\ndef f():\n\treturn 1'.replace("\n", end))
    assert found["f"].text.splitlines() == ["def f():", "\treturn 1"]


@pytest.mark.parametrize("source", ["def (", "\0", "x = " + "+".join(["x"] * 3000), "(" * 500])
def test_no_pieces(source: str) -> None:
    """What Python cannot read, or is nested too deeply, has none."""
    with pytest.raises(SyntaxError):
        pieces(source)


def test_two_of_one_name() -> None:
    """The second takes the place of the first."""
    found = pieces("def f(): return 1\ndef g(): pass\ndef f(): return 2\n")
    assert [(piece.name, piece.first) for piece in found.values()] == [("g", 2), ("f", 3)]
