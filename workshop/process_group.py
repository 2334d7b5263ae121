"""A process and all that it has started, as one group."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import Any


def own_group() -> dict[str, Any]:
    """The options of `subprocess.Popen` by which a process leads a group of its own.

    Ctrl-C reaches it through us alone, and what it starts can be ended with it.
    """
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def kill_group(pid: int, *, ended: bool) -> None:
    """End a process that was started with `own_group` at once, and all that it has started.

    Args:
        ended: it has ended by itself; what it has started may go on.
    """
    if sys.platform == "win32":
        if not ended:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(pid)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
