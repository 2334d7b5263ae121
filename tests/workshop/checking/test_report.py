"""How a result is shown: what passed, the first failure in full, and nothing wider than the terminal."""

from __future__ import annotations

import io
import re
import sys

import pytest
from msgspec.structs import replace

from workshop.checking.report import explained, show
from workshop.checking.verdict import Failure, PartResult, Place, Result, Trouble

TROUBLE = Trouble(
    "logged", "KeyError", "'x'", Place("server.py", 7, "a[b]"), (Place("server.py", 7, "a[b]"),)
)
FAILURE = Failure(
    "an answer [to each] of many messages, and a long line that must be broken somewhere to be read",
    "none",
    "the handler returns",
    "use a loop",
    Place("server.py", 21, "await ws.recv()"),
    TROUBLE,
    ("server | listening", "server | 1 | 2"),
)
RESULT = Result(
    "step02_echo",
    (
        PartResult("it starts", "passed"),
        PartResult("it answers", "failed", FAILURE),
        PartResult("it goes on", "not run"),
        PartResult("it talks", "failed", FAILURE),
    ),
    1.234,
)


def test_the_first_failure_is_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """Expected, Saw, Likely cause with its line, Try; of a second failure only its title."""
    show(RESULT)
    text = capsys.readouterr().out
    for word in ("Expected", "Saw", "Likely cause", "Try"):
        assert text.count(f"{word}  ") == 1
    assert "(server.py:21)" in text
    assert "await ws.recv()" in text
    assert "also not yet  it talks" in text
    assert "not run yet  it goes on" in text
    assert "1 of 4 in 1.2 s" in text


def test_their_prints_and_their_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """What the program printed stands there with its name, and its exception as its own."""
    show(RESULT)
    text = capsys.readouterr().out
    assert "server │ listening" in text
    assert "server │ 1 | 2" in text
    assert "In your program: KeyError: 'x'" in text


def test_brackets_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What a program printed, or a line of it, is shown as it is."""
    show(RESULT)
    assert "[to each]" in capsys.readouterr().out


def test_a_narrow_terminal() -> None:
    """At 60 columns no line is wider: words of theirs are cut, ours are broken between words."""
    place = Place("server.py", 21, "x" * 100)
    wide = replace(FAILURE, place=place, output=("y" * 100,))
    lines = [re.sub(r"\[(bold|dim|/)\]", "", line) for line in explained(wide, 60)]
    assert max(map(len, lines)) <= 54
    assert any("xxx…" in line for line in lines)


def test_a_terminal_without_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only ASCII can be shown, signs and bars are ASCII."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    show(RESULT)
    sys.stdout.flush()
    text = raw.getvalue().decode("ascii")
    assert "+ ok  it starts" in text
    assert "server | listening" in text
