"""Every command that we print repeats how the person started us."""

import sys

import pytest

from workshop.bootstrap import typed
from workshop.bootstrap.typed import TYPED, detect
from workshop.terminal import console

MODULE = "/home/ada/workshop/workshop/__main__.py"
PYENV = "/home/ada/.pyenv"
WINDOWS_PYTHON = r"C:\Programs\Python312\python.exe"
WINDOWS_MODULE = r"C:\Users\Ada\kit\workshop\__main__.py"


@pytest.fixture
def which(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the programs that the shell finds by name; empty at first."""
    found: dict[str, str] = {}
    monkeypatch.setattr(typed, "_which", found.get)
    return found


@pytest.mark.parametrize(
    ("platform", "executable", "on_path", "expected"),
    [
        ("linux", "python3", {}, "python3"),
        ("linux", "python3.12", {}, "python3.12"),
        ("linux", ".venv/bin/python", {}, ".venv/bin/python"),
        ("linux", "/opt/py/bin/python3", {}, "/opt/py/bin/python3"),
        ("linux", "/home/my dir/python3", {}, '"/home/my dir/python3"'),
        # A version manager's shim starts Python by its full path; the short name is what was typed.
        ("darwin", f"{PYENV}/versions/3.12.1/bin/python3", {"python3": f"{PYENV}/shims/python3"}, "python3"),
        # PowerShell and the launcher both hide what was typed; what is printed works in each case.
        ("win32", "python", {}, "python"),
        ("win32", "python.exe", {}, "python"),
        ("win32", WINDOWS_PYTHON, {"python": WINDOWS_PYTHON}, "python"),
        ("win32", WINDOWS_PYTHON, {"python": r"C:\WindowsApps\python.exe", "py": r"C:\Windows\py.exe"}, "py"),
        ("win32", WINDOWS_PYTHON, {}, WINDOWS_PYTHON),
    ],
)
def test_module(
    which: dict[str, str], platform: str, executable: str, on_path: dict[str, str], expected: str
) -> None:
    """`python3 -m workshop` is repeated with the interpreter as typed."""
    which.update(on_path)
    module = WINDOWS_MODULE if platform == "win32" else MODULE
    assert detect([executable, "-m", "workshop"], module, {}, platform) == f"{expected} -m workshop"


def test_script(which: dict[str, str]) -> None:
    """The script is `workshop` when the shell finds it by that name, else its path."""
    script = "/home/ada/kit/.venv/bin/workshop"
    assert detect(["python", script], script, {}, "linux") == script
    which["workshop"] = script
    assert detect(["python", script], script, {}, "linux") == "workshop"


def test_windows_script(which: dict[str, str]) -> None:
    """On Windows the script may be told to us without its `.exe`."""
    which["workshop"] = r"C:\kit\.venv\Scripts\workshop.exe"
    assert detect(["python"], r"C:\kit\.venv\Scripts\workshop", {}, "win32") == "workshop"


def test_uv(which: dict[str, str]) -> None:
    """Under `uv run` both forms keep it in front."""
    uv = {"UV_RUN_RECURSION_DEPTH": "1"}
    script = "/home/ada/kit/.venv/bin/workshop"
    assert detect(["python", script], script, uv, "linux") == "uv run workshop"
    assert detect(["/x/python3", "-m", "workshop"], MODULE, uv, "linux") == "uv run python -m workshop"


def test_the_bootstrap_tells_its_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside `.venv` the command is what the person typed outside; command() adds the words."""
    monkeypatch.setenv(TYPED, "py -m workshop")
    assert console.typed_command() == "py -m workshop"
    assert console.command("play", "--bots", "3") == "py -m workshop play --bots 3"


def test_the_same_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a problem the whole command is repeated, arguments and all."""
    monkeypatch.setenv(TYPED, "py -m workshop")
    monkeypatch.setattr(sys, "argv", ["x", "join", "10.0.0.7"])
    assert typed.same_again() == "py -m workshop join 10.0.0.7"
