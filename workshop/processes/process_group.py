"""A process and all that it has started: as one group, and by a mark in their environment.

A process that leaves the group (`start_new_session`, a daemon) keeps its environment. Linux and macOS let us
read that, and so it is found; Windows has jobs for this (see `windows_job`). One that clears its environment,
too, is not found.
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

MARK = "WORKSHOP_STARTED"  # in the environment of what we start, and so of what that starts
PROC = Path("/proc")  # of Linux
ROUNDS = 5  # looks for processes with a mark: one that is found may have started another meanwhile
ASK_SECONDS = 2.0  # that `ps` may take


def own_group() -> dict[str, Any]:
    """The options of `subprocess.Popen` by which a process leads a group of its own.

    Ctrl-C reaches it through us alone, and what it starts can be ended with it.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def new_mark() -> str:
    """A mark for the environment of a process, by which all that it starts is found; new each time."""
    return secrets.token_hex(8)


def kill_group(pid: int, *, ended: bool, mark: str = "") -> None:
    """End a process that was started with `own_group` at once, and all that it has started.

    Args:
        ended: it has ended by itself; what it has started may go on.
        mark: what its environment has as MARK.
    """
    if sys.platform == "win32":
        if not ended:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    kill_marked(mark)


def kill_marked(mark: str) -> None:
    """End all processes with this mark but our own at once; does nothing on Windows, or without a mark."""
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
    """The same on macOS, where `ps` tells the environment of one's own processes."""
    command = ["ps", "-axEww", "-o", "pid=,command="]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        told = subprocess.run(command, capture_output=True, timeout=ASK_SECONDS, check=False).stdout
        for line in told.decode(errors="replace").splitlines():
            if entry in line.split():
                yield int(line.split()[0])
