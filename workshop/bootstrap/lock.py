"""A lock between processes, which the system releases when its holder dies, however that happens."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def try_lock(fd: int) -> bool:
        """Lock the file's first byte; return whether we have it."""
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def try_lock(fd: int) -> bool:
        """Lock the open file; return whether we have it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


POLL_SECONDS = 0.2


@contextlib.contextmanager
def hold(path: Path, on_wait: Callable[[], None], poll: float = POLL_SECONDS) -> Iterator[int]:
    """Hold the lock file for the length of the block; waits while another process has it.

    Args:
        path: the lock file; made if missing, and left there.
        on_wait: called once if another process has the lock.
        poll: seconds between two tries.

    Yields:
        The file descriptor: a child that inherits it holds the lock too (not on Windows).

    Raises:
        OSError: the file cannot be made.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if not try_lock(fd):
            on_wait()
            while not try_lock(fd):
                time.sleep(poll)
        yield fd
    finally:
        os.close(fd)
