"""The command line: help that is fast, mistyped words, and problems as one clear message."""

import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from netlib.errors import NetlibError
from tests.support.commands import Shell
from tests.support.processes import ROOT, python, running
from workshop import cli
from workshop.commands import test as test_command
from workshop.commands.table import COMMANDS
from workshop.course import progress_file

pytestmark = pytest.mark.usefixtures("typed")

Play = Callable[[Callable[[], object]], None]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Give a function that says what the command `play` does in this test."""

    def set_action(action: Callable[[], object]) -> None:
        module = types.ModuleType("workshop.commands.game.play")
        monkeypatch.setattr(module, "command", click.Command("play", callback=action), raising=False)
        monkeypatch.setitem(sys.modules, "workshop.commands.game.play", module)

    return set_action


def test_help_lists_every_command(shell: Shell) -> None:
    """--help has a line for each command."""
    text = shell("--help").out
    assert all(line in text for _, line in COMMANDS.values())
    assert text.startswith("Usage: py -m workshop ")


def test_help_imports_no_command(tmp_path: Path) -> None:
    """Help stays fast: neither pygame nor netlib nor a command is imported for it, only their names."""
    source = (
        "import sys; from workshop import cli; cli.run(['--help']);"
        "print(sorted(n for n in sys.modules if n.startswith(('pygame', 'netlib', 'workshop.commands'))))"
    )
    with running(python("-c", source), tmp_path / "log") as program:
        assert program.wait() == 0
    assert program.text().endswith("['workshop.commands', 'workshop.commands.table']\n")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["plya"], "There is no command 'plya'. Did you mean py -m workshop play?"),
        (["xyzzy"], "There is no command 'xyzzy'. See py -m workshop --help."),
        (["--nonsense"], "No such option"),
    ],
)
def test_mistyped(arguments: list[str], expected: str, shell: Shell) -> None:
    """A mistyped command or option is exit code 2 and a message that names the likely one."""
    assert expected in shell(*arguments, code=2).err


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_exit_codes(play: Play, returned: object, code: int) -> None:
    """A command's number is the exit code; nothing is 0."""
    play(lambda: returned)
    assert cli.run(["play"]) == code


def raising(error: BaseException) -> Callable[[], object]:
    """Return a function that raises the error."""

    def action() -> object:
        raise error

    return action


def test_ctrl_c(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is the normal end of a game; where a command should have come to its end it is 130, as ever."""
    play(raising(KeyboardInterrupt()))
    monkeypatch.setattr(test_command, "run_pytest", lambda _: raising(KeyboardInterrupt())())
    assert [cli.run([command]) for command in ("play", "test")] == [0, 130]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NetlibError("Port 8765 is in use [by you?]."), ["error  Port 8765 is in use [by you?]."]),
        (click.ClickException("There is no display here."), ["There is no display here."]),
        (ZeroDivisionError("oops"), ["ZeroDivisionError: oops", "a mistake in the workshop", "Traceback"]),
    ],
)
def test_errors(play: Play, error: Exception, said: list[str], shell: Shell) -> None:
    """Exit code 2: what netlib and click say, as it stands; only a mistake of ours has a traceback."""
    play(raising(error))
    shown = shell("play", code=2).err
    assert all(words in shown for words in said) and ("Traceback" in shown) == ("Traceback" in said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", ["list", "--help", "--version", "dev --help"])
def test_a_full_disk_is_told(words: str) -> None:
    """Output that cannot be written is one sentence with what to do next, and an exit code; no traceback."""
    with Path("/dev/full").open("w") as full:
        command = python("-m", "workshop", *words.split())
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    told = ended.stderr.decode()
    assert ended.returncode == cli.FAULT
    assert told.count("\n") == 1 and "the disk is full" in told, told


@pytest.mark.parametrize("width", ["0", "-5", "1", "²", "abc", "", "9" * 5000])
def test_odd_widths(width: str, monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """COLUMNS and LINES that are no number of characters change nothing."""
    expected = shell("list").out
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setenv("LINES", width)
    assert shell("list").out == expected != ""


@pytest.mark.parametrize(
    ("words", "handed_on"),
    [
        ([], test_command.PARALLEL),
        (["--all"], ("--all", *test_command.PARALLEL)),
        (["-x", "--lf", "-k", "name", "tests/netlib"], ("-x", "--lf", "-k", "name", "tests/netlib")),
        (["-m", "window", "--all", "-n0"], ("--all", "-m", "window", "-n0")),
    ],
)
def test_what_pytest_gets(
    monkeypatch: pytest.MonkeyPatch, words: list[str], handed_on: tuple[str, ...]
) -> None:
    """By itself it takes all processors; words of one's own are handed on; pytest's exit code is ours."""
    got: list[tuple[str, ...]] = []

    def run_pytest(arguments: tuple[str, ...]) -> int:
        got.append(arguments)
        return 5

    monkeypatch.setattr(test_command, "run_pytest", run_pytest)
    assert cli.run(["test", *words]) == 5
    assert got == [handed_on]


def test_tests_need_a_checkout(monkeypatch: pytest.MonkeyPatch, shell: Shell) -> None:
    """Installed without its checkout, `test` says why it cannot run."""
    monkeypatch.setattr(progress_file, "in_checkout", lambda root=None: False)
    assert "only a checkout" in shell("test", code=2).err
