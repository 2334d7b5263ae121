"""A process and all that it has started: as one group, and by a mark in their environment.

A process that leaves the group (`start_new_session`, a daemon) keeps its environment. Linux and macOS let us
read the environment, so we find such a process by its mark; Windows has jobs for this (see `windows_job`). A
process that also clears its environment is not found.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARK = "WORKSHOP_STARTED"  # in the environment of the processes that we start, and of those that they start
PROC = Path("/proc")  # of Linux
ROUNDS = 5  # searches for processes with a mark: each of them may have started another meanwhile
ASK_SECONDS = 2.0  # that `ps` may take


def own_group() -> dict[str, Any]:
    """The options of `subprocess.Popen` that let a process lead a group of its own.

    Ctrl-C reaches it only through us, and everything that it starts can be ended with it.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def new_mark() -> str:
    """A new mark for the environment of a process: it leads us to all that the process starts."""
    return secrets.token_hex(8)


def kill_group(pid: int, *, ended: bool, mark: str = "") -> None:
    """Kill a process that was started with `own_group`, and all that it has started.

    Args:
        ended: the process has ended by itself; those that it has started may still run.
        mark: the value of MARK in its environment.
    """
    if sys.platform == "win32":
        if not ended:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    kill_marked(mark)


def kill_marked(mark: str) -> None:
    """Kill all processes with this mark except our own; does nothing on Windows, or without a mark."""
    if sys.platform == "win32" or not mark:
        return
    for _ in range(ROUNDS):
        if not (found := list(_marked(f"{MARK}={mark}"))):
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _marked(entry: str) -> Iterator[int]:
    """The processes with this entry in their environment."""
    has_proc = (PROC / "self" / "environ").exists()
    processes = _from_proc(entry.encode()) if has_proc else _from_ps(entry)
    return (pid for pid in processes if pid != os.getpid())


def _from_proc(entry: bytes) -> Iterator[int]:
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if entry in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)


def _from_ps(entry: str) -> Iterator[int]:
    """The same on macOS, where `ps` prints the environment of one's own processes."""
    command = ["ps", "-axEww", "-o", "pid=,command="]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(command, capture_output=True, timeout=ASK_SECONDS, check=False).stdout
        for line in told.decode(errors="replace").splitlines():
            if entry in line.split():
                yield int(line.split()[0])
