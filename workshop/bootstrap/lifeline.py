"""A child that never outlives its parent, for systems where a program cannot replace itself.

The child inherits the reading end of a pipe that nobody writes to. The system closes the writing end when
the parent dies, even by a kill, and the child then ends as it would at Ctrl-C.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

LIFELINE = "WORKSHOP_LIFELINE"  # in the child's environment: the number of the pipe's reading end
GRACE_SECONDS = 3.0  # between asking an orphan to end and ending it


def run_child(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command as a child that never outlives us, and return its exit code."""
    process, line = spawn(command, environ)
    _leave_signals_to(process)
    code = process.wait()
    os.close(line)
    return code


def spawn(
    command: Sequence[str], environ: Mapping[str, str], **popen: Any
) -> tuple[subprocess.Popen[bytes], int]:
    """Start a child that never outlives us, if it calls `watch`.

    Returns the process and the lifeline: a file descriptor to close when the child may end, or has ended.
    """
    reading, writing = os.pipe()
    try:
        return _start(command, dict(environ), reading, popen), writing
    except OSError:
        os.close(writing)
        raise
    finally:
        os.close(reading)


def _start(
    command: Sequence[str], environ: dict[str, str], reading: int, popen: dict[str, Any]
) -> subprocess.Popen[bytes]:
    if sys.platform == "win32":
        import msvcrt

        handle = msvcrt.get_osfhandle(reading)
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
        environ[LIFELINE] = str(handle)
        # The three standard streams are named because a handle list keeps all others from the child.
        streams: dict[str, Any] = {"stdin": 0, "stdout": 1, "stderr": 2}
        return subprocess.Popen(command, env=environ, startupinfo=startup, **(streams | popen))
    environ[LIFELINE] = str(reading)
    return subprocess.Popen(command, env=environ, pass_fds=[reading], **popen)


def _leave_signals_to(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C reaches the child by itself, so do nothing about it; pass on what reaches only us.

    A handler that does nothing, not SIG_IGN, which children inherit on POSIX.
    """
    for name in ("SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())


def watch() -> None:
    """In the child: end when the parent is gone. Does nothing without a lifeline."""
    number = os.environ.pop(LIFELINE, "")
    if number:
        threading.Thread(target=_end_at_eof, args=[_open(int(number))], daemon=True).start()


def _open(number: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(number, os.O_RDONLY)
    return number


def _end_at_eof(fd: int) -> None:
    """Ask the program to end as Ctrl-C would, once the lifeline closes; then insist."""
    os.read(fd, 1)
    interrupt_ourselves()
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


def interrupt_ourselves(platform: str = sys.platform) -> None:
    """Do what Ctrl-C does, from any thread, so that it also wakes a main thread that waits.

    POSIX wakes the main thread for a signal to the process; Windows knows only signals raised within, and
    its `os.kill` would end us.
    """
    if platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        os.kill(os.getpid(), signal.SIGINT)
