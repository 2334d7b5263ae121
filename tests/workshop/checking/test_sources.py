"""Files that Python cannot read are told as what they are; the others are read as Python reads them."""

import ast

import pytest

from workshop.checking.sources import flaw_of, text_of, tree_of

SOURCE = '"""A café."""\n\nprint("é")\n'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(encoding: str) -> None:
    """A file in UTF-16, as Notepad saves it, is told so, with or without its mark; its text can be read."""
    data = (SOURCE * 9).encode(encoding)
    flaw = flaw_of(data)
    assert flaw is not None
    assert "UTF-16" in flaw.saw
    assert "as UTF-8" in flaw.hint
    if encoding == "utf-16":
        assert text_of(data) == SOURCE * 9


@pytest.mark.parametrize(
    ("data", "words", "line"),
    [
        (SOURCE.encode("latin-1"), "line 1 has a character that is not saved as UTF-8", 1),
        (b"x = 1\n\n\n" + SOURCE.encode("latin-1"), "line 4 has a character that is not saved as UTF-8", 4),
        (b"", "it is empty", 1),
        (b" \n\t\r\n", "it is empty", 1),
        (b"\xef\xbb\xbf", "it is empty", 1),
        (bytes(4096), "nothing but zero bytes", 1),
        (b"x = 1\ny = '\0'\n", "zero byte in line 2", 2),
    ],
)
def test_what_is_no_text(data: bytes, words: str, line: int) -> None:
    """Another encoding, no character at all, and the zero bytes of a crash are told as what they are."""
    flaw = flaw_of(data)
    assert flaw is not None
    assert words in flaw.saw
    assert flaw.line == line


@pytest.mark.parametrize(
    "data",
    [b"x = (\n", b"# coding: klingon\n", b"if 1:\n    x = 1\n  y = 2\n", b"(" * 5000, b"-" * 100_000 + b"1"],
)
def test_no_python(data: bytes) -> None:
    """What is no Python, by whatever means, is told with Python's own words."""
    flaw = flaw_of(data)
    assert flaw is not None
    assert flaw.saw.startswith("Python cannot read it: ")
    assert tree_of(text_of(data)).body == []


@pytest.mark.parametrize(
    "data",
    [
        SOURCE.encode(),
        SOURCE.encode("utf-8-sig"),
        f"# coding: latin-1\n{SOURCE}".encode("latin-1"),
        SOURCE.replace("\n", "\r\n").encode(),
    ],
)
def test_all_that_python_reads(data: bytes) -> None:
    """A mark of UTF-8, an encoding that the file names, and Windows' ends of lines are no flaws."""
    assert flaw_of(data) is None
    assert text_of(data).endswith(SOURCE)
    assert ast.get_docstring(tree_of(text_of(data))) == "A café."


def test_warnings_are_no_flaws(recwarn: pytest.WarningsRecorder) -> None:
    """What Python warns of is neither raised nor printed, where warnings are errors as here, too."""
    data = b"x = 1 is 1\ny = '\\d'\n"
    assert flaw_of(data) is None
    assert len(tree_of(text_of(data)).body) == 2
    assert not recwarn
