"""Start a program of ours, wait for what it says, end it; and leave nothing behind."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 60.0  # seconds; a deadline and not a pause, so that a machine may have eight times too much to do
POLL_SECONDS = 0.02
ENDINGS = ("SIGINT", "SIGTERM", "SIGKILL")  # from the friendly to the last


def wait_until(condition: Callable[[], object], what: str, *, timeout: float = TIMEOUT) -> None:
    """Poll until the condition holds; fail the test, saying what was missing, after timeout seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout:g} s: {what}"
        time.sleep(POLL_SECONDS)


async def wait_until_async(condition: Callable[[], object], what: str, *, timeout: float = TIMEOUT) -> None:
    """Do as wait_until does, letting other tasks run meanwhile."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout:g} s: {what}"
        await asyncio.sleep(POLL_SECONDS)


def in_thread(function: Callable[[], object]) -> threading.Thread:
    """Return a thread that has begun to run a function."""
    thread = threading.Thread(target=function)
    thread.start()
    return thread


@dataclass(frozen=True)
class Program:
    """A running program of ours; all that it prints goes to its log."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        """The process's number, and its group's: the program is started in a session of its own."""
        return self.process.pid

    def text(self) -> str:
        """Return what it has printed so far, on both streams."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, pattern: str, *, timeout: float = TIMEOUT) -> re.Match[str]:
        """Wait until a line matches the regular expression; return the match."""
        found = re.compile(pattern, re.MULTILINE)
        wait_until(
            lambda: found.search(self.text()) or self.process.poll() is not None, pattern, timeout=timeout
        )
        match = found.search(self.text())
        assert match, f"it ended with {self.process.returncode} without {pattern!r}; it said:\n{self.text()}"
        return match

    def wait(self, *, timeout: float = TIMEOUT) -> int:
        """Wait until it has ended by itself; return its exit code."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout:g} s; it said:\n{self.text()}") from None

    def interrupt(self) -> None:
        """Send what Ctrl-C in a terminal sends: SIGINT to the program and all its children."""
        _signal_group(self.pid, "SIGINT")

    def end(self, *, timeout: float = 5.0) -> int:
        """Interrupt, then terminate, then kill it, with timeout seconds after each; return its exit code."""
        for number in ENDINGS:
            if self.process.poll() is None:
                _signal_group(self.pid, number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(timeout)
        return self.process.wait(timeout)

    def left_behind(self) -> list[int]:
        """Return the numbers of processes of its group that still run (Linux only)."""
        return [pid for pid in group_members(self.pid) if pid != self.pid or self.process.poll() is None]


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], log: Path, *, environ: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[Program]:
    """Run a program for the length of the block; afterwards neither it nor a child of it is left.

    Args:
        command: the program and its arguments; see python().
        log: the file that gets its output; made anew.
        environ: set in addition to this process's own variables.
        cwd: the folder to start it in.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environ or {})},
            cwd=cwd,
            start_new_session=True,
        )
    program = Program(process, log)
    try:
        yield program
    finally:
        program.end()
        _signal_group(program.pid, "SIGKILL")


def python(*arguments: str | Path) -> list[str | Path]:
    """Return the command that runs this very Python: python("-m", "workshop", "play")."""
    return [sys.executable, *arguments]


def is_alive(pid: int) -> bool:
    """Return whether a process of that number runs; one that has ended and waits for its parent does not."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(told.strip()) and "Z" not in told


def group_members(group: int) -> list[int]:
    """Return the processes of a group that have not ended; from /proc, so Linux only."""
    return [pid for pid, state, its_group in _all_processes() if its_group == group and state != "Z"]


def _all_processes() -> Iterator[tuple[int, str, int]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                after_name = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                yield int(entry.name), after_name[0], int(after_name[2])


def _signal_group(group: int, name: str) -> None:
    if sys.platform == "win32":  # has no groups to signal: end the whole tree
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(group)], capture_output=True, check=False)
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, getattr(signal, name))
