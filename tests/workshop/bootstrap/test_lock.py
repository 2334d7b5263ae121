"""Two terminals never install at once, and a killed one does not block the next."""

import importlib.util
import os
import sys
import types
from pathlib import Path

import pytest

from tests.support.processes import python, running, wait_until
from workshop.bootstrap import lock

HOLDER = """
import sys
from pathlib import Path
from workshop.bootstrap import lock
with lock.hold(Path(sys.argv[1]), lambda: print("waiting", flush=True), poll=0.01):
    print("have it", flush=True)
    if sys.argv[2] == "stay":
        sys.stdin = None
        import time
        time.sleep(600)
"""


def test_second_waits_until_the_first_is_killed(tmp_path: Path) -> None:
    """While one process has the lock another waits and says so; a kill gives the lock back."""
    lock = tmp_path / "lock"
    with running(python("-c", HOLDER, lock, "stay"), tmp_path / "first.log") as first:
        first.wait_for("have it")
        with running(python("-c", HOLDER, lock, "go"), tmp_path / "second.log") as second:
            second.wait_for("waiting")
            assert "have it" not in second.text()
            first.process.kill()
            second.wait_for("have it")
            assert second.wait() == 0


def test_a_free_lock_is_had_at_once(tmp_path: Path) -> None:
    """Nobody is told to wait for a lock that nobody has, even when its file is there."""
    (tmp_path / "lock").touch()
    waited: list[bool] = []
    for _ in range(2):
        with lock.hold(tmp_path / "lock", lambda: waited.append(True)) as fd:
            assert os.fstat(fd)
    assert not waited


def test_within_one_process_too(tmp_path: Path) -> None:
    """A second try on the same file fails while the first holds it, and works afterwards."""
    fd = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    try:
        with lock.hold(tmp_path / "lock", lambda: None):
            assert not lock.try_lock(fd)
        wait_until(lambda: lock.try_lock(fd), "the lock is free")
    finally:
        os.close(fd)


def test_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the lock is msvcrt's, on the first byte; a refusal means that somebody else has it."""
    taken: list[tuple[int, int, int]] = []

    def locking(fd: int, mode: int, count: int) -> None:
        if taken:
            raise OSError("locked")
        taken.append((fd, mode, count))

    monkeypatch.setattr(sys, "platform", "win32")
    msvcrt = types.ModuleType("msvcrt")
    monkeypatch.setattr(msvcrt, "locking", locking, raising=False)
    monkeypatch.setattr(msvcrt, "LK_NBLCK", 2, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    on_windows = load_again(lock)
    assert on_windows.try_lock(7)
    assert not on_windows.try_lock(8)
    assert taken == [(7, 2, 1)]


def load_again(module: types.ModuleType) -> types.ModuleType:
    """Return a second copy of a module, made under what is faked now."""
    spec = importlib.util.spec_from_file_location("copy", str(module.__file__))
    assert spec and spec.loader
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy
