"""How a result is shown: what passed, the first failure in full, and nothing wider than the terminal."""

import io
import re
import sys

import pytest
from msgspec.structs import replace

from workshop.checking.blame.pieces import MODULE
from workshop.checking.report import Printout, explained
from workshop.checking.verdict import Failure, Likely, PartResult, Place, Result, Spot, Trouble, Where

TROUBLE = Trouble(
    "logged", "KeyError", "'x'", Place("server.py", 7, "a[b]"), (Place("server.py", 7, "a[b]"),)
)
FAILURE = Failure(
    "an answer [to each] of many messages, and a long line that must be broken somewhere to be read",
    "none",
    causes=(Likely("the handler returns", "use a loop", Place("server.py", 21, "await ws.recv()")),),
    trouble=TROUBLE,
    output=("server | listening", "server | 1 | 2"),
)
SPOT = Spot("world.py", "World.run", 64, 69, ("06.4",))
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


def show(result: Result) -> None:
    """Print a whole result, part after part."""
    report = Printout()
    for part in result.parts:
        report.tell(part)
    report.end(result)


def test_the_first_failure_is_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """Expected, Saw, Likely cause, Try, and what they printed and raised; of a second failure its title."""
    show(RESULT)
    text = capsys.readouterr().out
    for word in ("Expected", "Saw", "Likely cause", "Try"):
        assert text.count(f"{word}  ") == 1
    for words in ("(server.py:21)", "await ws.recv()", "also not yet  it talks", "1 part is not run yet"):
        assert words in text
    for words in ("1 of 4 in 1.2 s", "server │ 1 | 2", "In your program: KeyError: 'x'", "[to each]"):
        assert words in text


def said(failure: Failure) -> str:
    """The lines of a diagnosis, as one."""
    lines = (re.sub(r"\[(bold|dim|/)\]", "", line) for line in explained(failure, 100))
    return " ".join(" ".join(lines).split())


def test_what_is_not_done_yet() -> None:
    """A TODO that still stands is named with its lines, and no cause beside it."""
    text = said(replace(FAILURE, not_done=SPOT, where=Where((SPOT,))))
    assert "Not done yet `World.run`, world.py lines 64–69 (TODO 06.4): it is still" in text
    assert "Likely cause" not in text
    assert "Where" not in text


def test_several_causes() -> None:
    """Several causes that remain are one of those; without any the reason is said not to be clear."""
    text = said(replace(FAILURE, causes=(Likely("one", "try 1"), Likely("two"))))
    assert "Likely cause one of these: one Try try 1 or two" in text
    assert "Likely cause the reason is not clear from here" in said(replace(FAILURE, causes=()))


@pytest.mark.parametrize(
    ("where", "words"),
    [
        (Where(), "the place was not found"),
        (Where((SPOT,), sure=True), "look first at `World.run`, world.py lines 64–69 (TODO 06.4)"),
        (Where((SPOT, Spot("a.py", "f", 3, 3))), "perhaps at one of `World.run`, world.py lines 64–69"),
        (Where((Spot("a.py", MODULE, 1, 2),), sure=True), f"look first at {MODULE}, a.py lines 1–2"),
    ],
)
def test_where(where: Where, words: str) -> None:
    """The place is told as surely as it is known; not where nobody looked, or a cause has a line."""
    assert f"Where {words}" in said(replace(FAILURE, where=where, causes=()))
    assert "Where" not in said(replace(FAILURE, where=None if where.spots else where))


def test_a_narrow_terminal() -> None:
    """At 60 columns no line is wider: the learner's are cut, ours are broken between words."""
    place = Place("server.py", 21, "x" * 100)
    wide = replace(FAILURE, causes=(Likely("c " * 99, place=place),), output=("y" * 100,))
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
