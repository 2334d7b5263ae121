"""Programs that run beside ours and end with it: the server and the bots of `workshop play`."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from queue import Empty, Queue
from typing import IO

import click

from workshop.bootstrap.lifeline import spawn
from workshop.paths import ROOT

START_SECONDS = 15.0  # that a child may take until it is ready; a virus scanner slows it down
END_SECONDS = 2.0  # that a child may take to end by itself
READY = r"is open on port (\d+)"  # what our servers say when players can join
LINES_KEPT = 12  # of a child's output, for the message when it fails


class Child:
    """A module of this project that runs as a process of its own and never outlives us.

    Args:
        module: what to run, as after ``python -m``.
        arguments: its command line.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._module = module
        self._lines: Queue[str | None] = Queue()  # None is the end
        self._last: deque[str] = deque(maxlen=LINES_KEPT)
        command = [sys.executable, "-m", "workshop.processes.child", module, *arguments]
        self._process, lifeline = spawn(
            command,
            {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:replace"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._lifeline: int | None = lifeline
        assert self._process.stdout is not None
        threading.Thread(target=self._read, args=[self._process.stdout], daemon=True).start()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait for a line of its output that fits.

        Raises:
            click.ClickException: it ended first, or did not print one in time; with its last lines.
        """
        deadline = time.monotonic() + START_SECONDS
        with contextlib.suppress(Empty):
            while (line := self._lines.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                if found := re.search(pattern, line):
                    return found
            self._lines.put(None)  # for the next caller that waits
        raise click.ClickException(f"{self._module} did not start. It said:\n{self.last_words}")

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs. A negative number is the signal that ended it."""
        return self._process.poll()

    @property
    def last_words(self) -> str:
        """Its last lines."""
        return "\n".join(self._last) or "(it said nothing)"

    def kill(self) -> None:
        """End it without a warning: SIGKILL, or TerminateProcess on Windows."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and kill it if it does not."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def _read(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                text = line.decode(errors="replace").rstrip()
                self._last.append(text)
                self._lines.put(text)
        self._lines.put(None)


@contextlib.contextmanager
def running(module: str, *arguments: str) -> Iterator[Child]:
    """A child that lasts as long as the block."""
    child = Child(module, *arguments)
    try:
        yield child
    finally:
        child.stop()
