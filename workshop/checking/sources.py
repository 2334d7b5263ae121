"""A source file from its bytes: the text, as Python reads it, and what keeps Python from reading it. Pure."""

import ast
import io
import tokenize
import warnings
from importlib.util import decode_source

import msgspec

from workshop.checking.plain_words import Plain, explain
from workshop.checking.verdict import Trouble

SAVE = "save it again as UTF-8: editors offer that under Save As, or in the status bar"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # how files begin that Notepad and PowerShell have saved so


class Flaw(msgspec.Struct, frozen=True):
    """Why a file is no Python program.

    Args:
        saw: what was found in it.
        because: why Python cannot read that.
        hint: what to do; empty when nothing can be saved of it.
        line: where.
    """

    saw: str
    because: str
    hint: str
    line: int = 1


def text_of(data: bytes) -> str:
    """The text of a file; where it is in no encoding of Python's, what can be read of it."""
    try:
        return decode_source(data)
    except (SyntaxError, ValueError, LookupError):
        return data.decode("utf-16" if is_utf_16(data) else "utf-8-sig", errors="replace")


def bytes_of(text: str) -> bytes:
    """A text as a file, in the encoding that it names itself."""
    data = text.encode("utf-8", errors="replace")
    return text.encode(_encoding(data), errors="replace")


def lines_of(text: str) -> list[str]:
    """Its lines with their ends, as Python counts them: a form feed is not an end."""
    return list(io.StringIO(text))


def parsed(text: str) -> ast.Module:
    """The syntax of a text. What Python warns of is for the run to tell.

    Raises:
        SyntaxError: it is not Python, or more than Python can read.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from error


def tree_of(text: str) -> ast.Module:
    """The syntax of a text; empty when it is not Python."""
    try:
        return parsed(text)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def flaw_of(data: bytes) -> Flaw | None:
    """What keeps Python from reading a file, the encoding first; None when nothing does."""
    if not data.strip(b"\0 \t\r\n\f\xef\xbb\xbf"):
        what = "nothing but zero bytes is in it" if b"\0" in data else "it is empty"
        return Flaw(what, "there is no program left in it", "")
    return _not_utf_8(data) or _not_python(data)


def is_utf_16(data: bytes) -> bool:
    """Whether a file is in UTF-16: it says so, or every other byte of its beginning is zero."""
    return data.startswith(UTF_16) or any(data[start:200:2].count(0) > 90 for start in (0, 1))


def _not_utf_8(data: bytes) -> Flaw | None:
    if is_utf_16(data):
        return Flaw(
            "it is saved as UTF-16", "Python reads UTF-8; Notepad and PowerShell may save as UTF-16", SAVE
        )
    if b"\0" in data:
        line = _line(data, data.index(b"\0"))
        return Flaw(f"there is a zero byte in line {line}", "text has none: the file is damaged", "", line)
    try:
        data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        line = _line(data, error.start)
        saw = f"line {line} has a character that is not saved as UTF-8"
        return Flaw(saw, "Python reads UTF-8; this is Latin-1, ANSI or the like", SAVE, line)
    return None


def _line(data: bytes, position: int) -> int:
    return data[:position].count(b"\n") + 1


def _encoding(data: bytes) -> str:
    """What the file says about itself in its first lines."""
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:  # of an encoding that nobody knows: that is told when the file is compiled
        return "utf-8"


def _not_python(data: bytes) -> Flaw | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(data, "file", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, words = getattr(error, "lineno", None) or 1, getattr(error, "msg", None) or str(error)
        plain = explain(Trouble("crashed", type(error).__name__, words), "") or Plain(
            "the mistake is in this line, or in one above that is not complete",
            f"open the file at line {line}, and compare it with the lines around it",
        )
        return Flaw(f"Python cannot read it: {words}", plain.cause, plain.hint, line)
    return None
