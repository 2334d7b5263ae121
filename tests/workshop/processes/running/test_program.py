"""One program: how it is started, and its lines."""

from pathlib import Path

import pytest

from workshop.processes.running.inside import is_ours
from workshop.processes.running.plan import Launch
from workshop.processes.running.program import command_line, harmless
from workshop.processes.running.together import how_it_ended


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (b"hello\r\n", "hello"),
        (b"caf\xe9\n", "caf\N{REPLACEMENT CHARACTER}"),
        (b"\x1b[2Jgone\x07", "?[2Jgone?"),
        (b"\tx", "        x"),
        (b"\n", ""),
    ],
)
def test_lines(line: bytes, shown: str) -> None:
    """Whatever a program prints, the cursor stays where it is."""
    assert harmless(line) == shown


def test_a_module_is_started() -> None:
    """A program is a module of its stage, with its arguments."""
    words = command_line(Launch("server", "server", ("--port", "1")), "starter.step02_echo", Path("/x"))
    assert words[1:] == [
        "-m",
        "workshop.processes.running.inside",
        "starter.step02_echo.server",
        "--port",
        "1",
    ]


def test_tests_are_run_by_pytest() -> None:
    """A program of tests is a file for pytest."""
    words = command_line(Launch("test_game", "test_game", ("-x",)), "starter.step13_testing", Path("/x"))
    assert "pytest" in words
    assert words[-2:] == [str(Path("/x/starter/step13_testing/test_game.py")), "-x"]


def test_our_lines_in_a_traceback() -> None:
    """Our runner and Python's own are left out; somebody's file is not."""
    assert is_ours("<frozen runpy>") and not is_ours("/x/starter/step02_echo/server.py")


def test_exit_codes_in_words() -> None:
    """A signal is called so."""
    assert [how_it_ended(code) for code in (3, -9)] == ["exit code 3", "by signal 9"]
