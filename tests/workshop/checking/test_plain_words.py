"""What Python says is told in plain words: each row is met by a program that really raises it."""

import signal
import subprocess
import sys

import msgspec
import pytest

from tests.support.processes import ROOT
from tests.workshop.checking.mistakes import MISTAKES
from workshop.checking.plain_words import Plain, ended, explain, rows
from workshop.checking.verdict import Trouble


@pytest.fixture(scope="module")
def troubles() -> list[Trouble | None]:
    """What the mistakes really raise, in this Python."""
    command = [sys.executable, "-m", "tests.workshop.checking.mistakes"]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, timeout=100, check=True)
    return msgspec.json.decode(run.stdout.splitlines()[-1], type=list[Trouble | None])


def line_of(trouble: Trouble) -> str:
    """The line of code at which it happened."""
    return trouble.place.text if trouble.place else ""


@pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[words for words, _ in MISTAKES])
def test_a_mistake(number: int, troubles: list[Trouble | None]) -> None:
    """Each mistake is told by its own row, with the names that Python gave."""
    trouble = troubles[number]
    assert trouble is not None
    found = explain(trouble, line_of(trouble))
    assert found is not None, trouble
    assert MISTAKES[number][0] in found.cause, trouble


def test_no_row_is_dead(troubles: list[Trouble | None]) -> None:
    """Every row is the first that fits one of the mistakes."""
    taken = {
        next((row.says for row in rows() if row.read(trouble, line_of(trouble))), None)
        for trouble in filter(None, troubles)
    }
    assert [row.says.pattern for row in rows() if row.says not in taken] == []


@pytest.mark.parametrize(
    ("name", "message", "words"),
    [
        ("TypeError", "'NoneType' object can't be awaited", "got None"),
        ("TypeError", "'list' object can't be awaited", "a list of things"),
        ("TypeError", "argument of type 'int' is not a container or iterable", "an int is one alone"),
        ("TypeError", "cannot use 'list' as a dict key (unhashable type: 'list')", "a list can be neither"),
        ("ValueError", "too many values to unpack (expected 2, got 3)", "2 names wait"),
        ("ZeroDivisionError", "division by zero", "divided by 0"),
    ],
)
def test_python_3_14(name: str, message: str, words: str) -> None:
    """What Python 3.14 says in other words is known, too."""
    found = explain(Trouble("crashed", name, message), "")
    assert found is not None
    assert words in found.cause


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ValueError", "your own words"),
        ("RuntimeError", ""),
        ("TypeError", "asyncio.coroutine is no more"),
        ("StartError", "no running event loop"),
        ("AttributeError", "read-only"),
    ],
)
def test_no_row(name: str, message: str) -> None:
    """Where no row fits, nothing is said."""
    assert explain(Trouble("logged", name, message), "x = 1") is None


def test_a_name_with_braces() -> None:
    """What somebody's message has in it is not taken for a place to fill."""
    found = explain(Trouble("crashed", "KeyError", "'a{0}{name}'"), "")
    assert found == Plain(
        "the dictionary has no key 'a{0}{name}'",
        "print the dictionary, just before: is the key spelled otherwise, or does it come later?",
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exit code 0"),
        (3, "exit code 3"),
        (-signal.SIGTERM, "signal SIGTERM"),
        (-signal.SIGSEGV, "signal SIGSEGV: a crash in compiled code"),
        (-9999, "exit code -9999"),
        (3221225477, "a crash in compiled code: access violation (exit code 0xc0000005)"),
        (-1073741819, "a crash in compiled code: access violation (exit code 0xc0000005)"),
        (3221225786, "Ctrl-C (exit code 0xc000013a)"),
    ],
)
def test_how_a_process_ended(code: int, words: str) -> None:
    """An exit code is told as it is, a signal by its name, and what Windows means by its large numbers."""
    assert ended(code) == words
