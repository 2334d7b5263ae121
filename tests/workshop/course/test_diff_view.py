"""Differences in a terminal."""

from rich.cells import cell_len

from workshop.course.diff_view import side_by_side, unified
from workshop.course.differences import FileDifference, compare_all, differences

LEFT, RIGHT = "same\nold\nend\n", "same\nnew\nnewer\nend\n"


def difference(left: str = LEFT, right: str = RIGHT) -> FileDifference:
    """One file that differs, whole."""
    return FileDifference("x.py", "changed", compare_all(left, right))


def beside(found: FileDifference, columns: int = 40) -> list[str]:
    """Both sides, as lines without their colours."""
    return [row.plain for row in side_by_side(found, columns=columns, titles=("yours", "theirs"), bar="|")]


def test_unified() -> None:
    """What the left side has is marked with -, what the right side has with +, each with its number."""
    lines = [line.plain for line in unified(difference())]
    assert lines == ["     1  same", "-    2  old", "+    2  new", "+    3  newer", "     4  end"]


def test_colour_is_not_the_only_sign() -> None:
    """Each coloured line has a mark."""
    marks = {(str(line.style), line.plain[0]) for line in unified(difference())}
    assert marks == {("dim", " "), ("red", "-"), ("green", "+")}


def test_beside_each_other() -> None:
    """Lines that belong together stand in one row, and the marks tell them apart."""
    assert [row.rstrip() for row in beside(difference())] == [
        "yours              | theirs",
        "     1  same       |      1  same",
        "-    2  old        | +    2  new",
        "                   | +    3  newer",
        "     3  end        |      4  end",
    ]


def test_long_lines_are_folded() -> None:
    """No row is wider than the terminal, wide letters included, and nothing of a line is lost."""
    text = "abcdefghij" * 9 + "漢字" * 20
    rows = beside(difference("x\n", f"{text}\n"))
    assert all(cell_len(row) <= 40 for row in rows)
    assert "".join(row.partition("|")[2][8:].strip() for row in rows[1:]) == text


def test_what_could_move_the_cursor() -> None:
    """Tabs become spaces, and other control characters a question mark."""
    assert [line.plain for line in unified(difference("\ta\x1b[2J\n", ""))] == ["-    1      a?[2J"]


def test_hunks_are_kept_apart() -> None:
    """Between two places of a file there is a sign that something is left out."""
    middle = "".join(f"{number}\n" for number in range(20))
    (found,) = differences({"x": f"a\n{middle}b\n"}, {"x": f"A\n{middle}B\n"})
    assert sum(line.plain == "  ..." for line in unified(found)) == 1
    assert sum(row.startswith("  ...") for row in beside(found)) == 1
