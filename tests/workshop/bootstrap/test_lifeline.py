"""Where a program cannot replace itself, its child takes its place, and never outlives it."""

import os
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import group_members, python, running, wait_until
from workshop.bootstrap import lifeline, start

PARENT = """
import os, sys
from workshop.bootstrap.lifeline import run_child
sys.exit(run_child([sys.executable, "-c", sys.argv[1]], os.environ))
"""
SLEEPER = """
import sys, time
from workshop.bootstrap import lifeline
lifeline.watch()
print("ready", flush=True)
try:
    time.sleep(600)
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(5)
"""
STUBBORN = SLEEPER.replace("sys.exit(5)", "time.sleep(600)")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")


def test_exit_code_is_passed_on(tmp_path: Path) -> None:
    """The parent ends with the child's exit code."""
    with running(python("-c", PARENT, "raise SystemExit(41)"), tmp_path / "log") as program:
        assert program.wait() == 41


@posix_only
def test_ctrl_c_belongs_to_the_child(tmp_path: Path) -> None:
    """At Ctrl-C, which both get, the child decides what happens; the parent waits for it."""
    with running(python("-c", PARENT, SLEEPER), tmp_path / "log") as program:
        program.wait_for("ready")
        program.interrupt()
        assert program.wait() == 5
    assert program.text().count("interrupted") == 1
    assert "Traceback" not in program.text()


@posix_only
def test_termination_is_passed_on(tmp_path: Path) -> None:
    """SIGTERM, which only the parent gets, ends the child and so both."""
    with running(python("-c", PARENT, SLEEPER), tmp_path / "log") as program:
        program.wait_for("ready")
        program.process.terminate()
        assert program.wait() in (-signal.SIGTERM, 256 - signal.SIGTERM)
        wait_until(lambda: not group_members(program.pid), "both have ended")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("child", [SLEEPER, STUBBORN], ids=["friendly", "stubborn"])
def test_killed_parent_leaves_no_child(tmp_path: Path, child: str) -> None:
    """When the parent is killed the child is interrupted, and ended when it does not care."""
    with running(python("-c", PARENT, child), tmp_path / "log") as program:
        program.wait_for("ready")
        program.process.kill()
        program.process.wait()
        wait_until(lambda: "interrupted" in program.text(), "the child was interrupted")
        wait_until(lambda: not group_members(program.pid), "the child has ended")


def test_without_a_lifeline_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that nobody gave a lifeline goes on, whatever dies."""
    monkeypatch.delenv(lifeline.LIFELINE, raising=False)
    lifeline.watch()


def test_windows_child_gets_the_handle(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the child inherits the pipe as a handle, by a list, along with the standard streams."""
    started: dict[str, Any] = {}
    inheritable: list[int] = []
    msvcrt = types.SimpleNamespace(get_osfhandle=lambda fd: fd + 1000)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(os, "set_handle_inheritable", lambda it, _: inheritable.append(it), raising=False)
    monkeypatch.setattr(subprocess, "STARTUPINFO", types.SimpleNamespace, raising=False)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: started.update(options))
    lifeline._start(["python.exe"], {"PATH": "x"}, 7, {})
    assert inheritable == [1007]
    assert started["startupinfo"].lpAttributeList == {"handle_list": [1007]}
    assert started["env"] == {"PATH": "x", lifeline.LIFELINE: "1007"}
    assert (started["stdin"], started["stdout"], started["stderr"]) == (0, 1, 2)


def test_windows_child_opens_the_handle(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the number is a handle, and becomes a file descriptor again."""
    monkeypatch.setattr(sys, "platform", "win32")
    fake = types.SimpleNamespace(open_osfhandle=lambda handle, flags: handle - 1000)
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    assert lifeline._open(1007) == 7


@pytest.mark.parametrize(("platform", "how"), [("win32", "raise"), ("darwin", "kill")])
def test_how_we_interrupt_ourselves(monkeypatch: pytest.MonkeyPatch, platform: str, how: str) -> None:
    """On Windows os.kill would end the process at once, without a word."""
    went: list[str] = []
    monkeypatch.setattr(os, "kill", lambda *_: went.append("kill"))
    monkeypatch.setattr(signal, "raise_signal", lambda *_: went.append("raise"))
    lifeline.interrupt_ourselves(platform)
    assert went == [how]


@pytest.mark.parametrize(("platform", "how"), [("win32", "child"), ("linux", "exec"), ("darwin", "exec")])
def test_how_we_go_on(monkeypatch: pytest.MonkeyPatch, platform: str, how: str) -> None:
    """POSIX systems replace the process; Windows runs a child."""
    went: list[str] = []
    monkeypatch.setattr(os, "execve", lambda *_: went.append("exec"))
    monkeypatch.setattr(lifeline, "run_child", lambda *_: went.append("child"))
    start.go_on(["python"], {}, platform)
    assert went == [how]
