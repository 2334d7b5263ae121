"""A child that never outlives its parent, for systems where a program cannot replace itself.

The child inherits the reading end of a pipe to which nothing is written. The system closes the writing end
when the parent dies, even if it is killed, and then the child ends as if by Ctrl-C.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any

LIFELINE = "WORKSHOP_LIFELINE"  # in the child's environment: the number of the pipe's reading end
GRACE_SECONDS = 3.0  # between asking an orphan to end and killing it


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
    """Ignore Ctrl-C, which reaches the child anyway; pass on the signals that reach only us.

    We ignore it by an empty handler, since children inherit SIG_IGN on POSIX.
    """
    for name in ("SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())


def watch() -> None:
    """In the child: end once the parent is gone. Does nothing without a lifeline."""
    number = os.environ.pop(LIFELINE, "")
    if number:
        threading.Thread(target=_end_at_eof, args=[_open(int(number))], daemon=True).start()


def _open(number: int) -> int:
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.open_osfhandle(number, os.O_RDONLY)
    return number


def _end_at_eof(fd: int) -> None:
    """Once the lifeline closes, ask the program to end like Ctrl-C; then kill it."""
    os.read(fd, 1)
    interrupt_ourselves()
    threading.Event().wait(GRACE_SECONDS)
    os._exit(1)


def interrupt_ourselves(platform: str = sys.platform) -> None:
    """Do what Ctrl-C does, from any thread, and wake a main thread that waits.

    On POSIX a signal to the process wakes the main thread. Windows has only signals that we raise ourselves,
    and its `os.kill` would kill us.
    """
    if platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        os.kill(os.getpid(), signal.SIGINT)
