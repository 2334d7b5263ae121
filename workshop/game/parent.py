"""A program that another one started, and that ends with it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading

STANDARD_INPUT = 0


def parent_gone(pipe: int = STANDARD_INPUT) -> asyncio.Event:
    """An event that is set when a pipe from the parent ends, as it does even when the parent is killed.

    Reads in a thread and without a buffer: Windows has no pipes for asyncio here, and Python
    cannot shut down while a thread holds the buffer's lock.
    """
    gone, loop = asyncio.Event(), asyncio.get_running_loop()

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(pipe, 1024):
                pass
        with contextlib.suppress(RuntimeError):  # the loop has ended first
            loop.call_soon_threadsafe(gone.set)

    threading.Thread(target=wait, daemon=True).start()
    return gone
