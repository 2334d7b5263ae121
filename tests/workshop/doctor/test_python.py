"""What the doctor says about Python and the packages, on every system."""

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.processes import ROOT
from workshop.bootstrap.shadows import FOREIGN
from workshop.doctor import python_probe
from workshop.doctor.finding import Finding
from workshop.doctor.python_judge import PythonSeen, judge_python

GOOD = PythonSeen(
    platform="linux",
    version=(3, 12, 1),
    executable="/home/ada/kit/.venv/bin/python",
    prefix="/home/ada/kit/.venv",
    is_venv=True,
    venv="/home/ada/kit/.venv",
    stub="",
    installed={"pygame-ce": "2.5.8", "click": "8.1.7", "websockets": "17.0"},
    wanted={"pygame-ce": "2.5", "click": "8.1", "websockets": "17"},
)
THEIRS = msgspec.structs.replace(GOOD, prefix="/home/ada/other")
WINDOWS = msgspec.structs.replace(
    GOOD,
    platform="win32",
    executable=r"C:\Users\Ada B\kit\.venv\Scripts\python.exe",
    prefix=r"c:\users\ada b\kit\.venv",
    venv=r"C:\Users\Ada B\kit\.venv",
)


def found(about: str, seen: PythonSeen = GOOD, **changes: Any) -> Finding:
    """What is said about one thing."""
    findings = judge_python(msgspec.structs.replace(seen, **changes))
    return next(finding for finding in findings if finding.about == about)


def test_all_is_well() -> None:
    """A good machine has nothing to mend, on Linux and on Windows."""
    for seen in (GOOD, WINDOWS):
        assert {(finding.level, finding.todo) for finding in judge_python(seen)} == {("ok", "")}


def test_an_old_python() -> None:
    """A Python that is too old is an error that names the oldest that will do."""
    finding = found("Python", version=(3, 10, 9))
    assert finding.level == "error"
    assert "3.11" in finding.todo


def test_the_store() -> None:
    """A name that opens the Store is a warning with the way to switch it off; elsewhere there is none."""
    finding = found("Microsoft Store", WINDOWS, stub="python")
    assert finding.level == "warning"
    assert "App execution aliases, python.exe" in finding.todo
    assert "Microsoft Store" not in [finding.about for finding in judge_python(GOOD)]


@pytest.mark.parametrize(
    ("prefix", "is_venv", "level"), [("/home/ada/mine", True, "ok"), ("/usr", False, "warning")]
)
def test_another_environment(prefix: str, is_venv: bool, level: str) -> None:
    """An environment of one's own will do; the system's Python is a warning."""
    assert found("environment", prefix=prefix, is_venv=is_venv).level == level


def test_a_foreign_path() -> None:
    """A PYTHONPATH that hides modules is a warning which names the files; one that does not is only told."""
    finding = found("PYTHONPATH", foreign={"/opt/robots": ["click.py", "random"], "/opt/maps": []})
    assert finding.level == "warning"
    assert "/opt/robots, /opt/maps" in finding.text
    assert "click.py, random" in finding.text
    assert "unset PYTHONPATH" in finding.todo
    assert "$env:PYTHONPATH" in found("PYTHONPATH", WINDOWS, foreign={"C:/robots": ["click.py"]}).todo
    assert found("PYTHONPATH", foreign={"/opt/maps": []}).level == "ok"


def test_a_foreign_path_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What PYTHONPATH was before the workshop put it away is looked at, folder by folder."""
    (tmp_path / "click.py").touch()
    (tmp_path / "mine.py").touch()
    monkeypatch.setenv(FOREIGN, str(tmp_path))
    assert python_probe.look_at_python(ROOT).foreign == {str(tmp_path): ["click.py"]}


@pytest.mark.parametrize(
    ("installed", "words"),
    [
        ({"pygame": "2.6.1", "pygame-ce": "2.5.8"}, "both installed"),
        ({"pygame": "2.6.1"}, "The old pygame"),
        ({}, "not installed"),
    ],
)
def test_pygame(installed: dict[str, str], words: str) -> None:
    """Both, the wrong one, or none: each is an error with the commands that mend it."""
    finding = found("pygame", THEIRS, installed=installed)
    assert finding.level == "error"
    assert words in finding.text
    assert "pip install --force-reinstall pygame-ce" in finding.todo
    assert ("uninstall -y pygame pygame-ce" in finding.todo) == bool(installed)


def test_commands_can_be_typed() -> None:
    """A path with spaces is quoted."""
    todo = found("pygame", WINDOWS, venv="", installed={}).todo
    assert r'"C:\Users\Ada B\kit\.venv\Scripts\python.exe" -m pip' in todo


def test_our_own_environment_is_made_anew() -> None:
    """There may be no pip in it, so there is nothing to type."""
    assert found("pygame", installed={}).todo.startswith("Delete the folder /home/ada/kit/.venv")


@pytest.mark.parametrize(
    ("version", "oldest", "level"),
    [
        ("17.0", "17", "ok"),
        ("17", "17.0.0", "ok"),
        ("17.0.1", "17", "ok"),
        ("16.9", "17", "error"),
        ("18.0rc1", "17.2", "ok"),
        ("9.10", "9.9", "ok"),
        ("1.0", "", "ok"),
    ],
)
def test_versions(version: str, oldest: str, level: str) -> None:
    """Versions are compared number by number."""
    assert found("packages", installed={"x": version}, wanted={"x": oldest}).level == level


def test_missing_and_old_packages() -> None:
    """What is missing and what is too old are named, with the command."""
    finding = found("packages", THEIRS, installed={"click": "7.0"})
    assert finding.text == "Packages are missing: websockets; too old: click 7.0 (needs 8.1)."
    assert "pip install --editable" in finding.todo


def test_what_this_machine_has() -> None:
    """The project's own list is read, and this Python is seen as it is."""
    seen = python_probe.look_at_python(ROOT)
    assert seen.version == sys.version_info[:3]
    assert seen.wanted["pygame-ce"] == "2.5"
    assert seen.wanted.keys() <= seen.installed.keys()


def test_without_a_checkout(tmp_path: Path) -> None:
    """An installed copy knows what it needs from its own metadata, without the extras."""
    wanted = python_probe.wanted(tmp_path)
    assert wanted["websockets"] == "17"
    assert "pytest" not in wanted


@pytest.mark.parametrize(
    ("size", "folder", "stub"), [(0, "WindowsApps", True), (9, "WindowsApps", False), (0, "x", False)]
)
def test_what_a_stub_is(tmp_path: Path, size: int, folder: str, stub: bool) -> None:
    """What only opens the Store lies in WindowsApps and has no bytes; a Python from the Store has some."""
    program = tmp_path / folder / "python.exe"
    program.parent.mkdir()
    program.write_bytes(b"x" * size)
    assert python_probe._is_stub(str(program)) == stub
    assert not python_probe._is_stub(None)
