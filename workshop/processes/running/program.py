"""An attendee's program as a process that ends when we do, with all that it has started."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from workshop.bootstrap.lifeline import spawn
from workshop.paths import ROOT
from workshop.processes.process_group import kill_group, own_group
from workshop.processes.running.keyboard import Keyboard
from workshop.processes.running.plan import Launch
from workshop.processes.surroundings import NO_PROXY

LONGEST_LINE = 2000  # bytes; a longer line is shown in pieces
LAST_WORDS_SECONDS = 0.3  # to read what a program printed before its end


class Program:
    """A running program.

    Args:
        launch: what to start.
        package: its stage, such as "starter.step02_echo".
        root: the checkout.
        say: gets each line that it prints; with None it prints to the terminal itself.
    """

    def __init__(
        self, launch: Launch, package: str, root: Path, say: Callable[[str], object] | None = None
    ) -> None:
        self.launch, self._say = launch, say
        self._process, lifeline = spawn(
            command_line(launch, package, root),
            _environment(root, piped=say is not None),
            **self._popen(root),
        )
        self._lifeline: int | None = lifeline
        self._threads: list[threading.Thread] = []
        self._keyboard: Keyboard | None = None
        if self._process.stdin and launch.keyboard:
            self._keyboard = Keyboard(self._process.stdin)
            self._keyboard.start()
        if self._process.stdout:
            self._threads.append(
                threading.Thread(target=self._read, args=[self._process.stdout], daemon=True)
            )
            self._threads[-1].start()

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs. A negative number is the signal that ended it."""
        return self._process.poll()

    def ask_to_end(self) -> None:
        """Do what Ctrl-C does."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def end_input(self) -> None:
        """Let it read the end of its input; otherwise a thread that waits for input would hold it up."""
        if self._keyboard:
            self._keyboard.stop()
        elif self._process.stdin:
            self._process.stdin.close()

    def wait(self, deadline: float) -> None:
        """Wait for its end, until a deadline on `time.monotonic`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))

    def finish(self) -> None:
        """Kill it and all that it has started; show its last lines."""
        self.ask_to_end()
        self.end_input()
        kill_group(self._process.pid, ended=self._process.poll() is not None)
        self._process.wait()
        for thread in self._threads:
            thread.join(LAST_WORDS_SECONDS)

    def _popen(self, root: Path) -> dict[str, Any]:
        """The other options for its start. Without a keyboard it waits for input that never comes."""
        options: dict[str, Any] = {"cwd": root, **own_group()}
        if sys.platform != "win32" or not self.launch.keyboard:
            options["stdin"] = subprocess.PIPE
        if self._say:
            options |= {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return options

    def _read(self, output: IO[bytes]) -> None:
        assert self._say is not None
        with output, contextlib.suppress(OSError, ValueError):
            for line in iter(lambda: output.readline(LONGEST_LINE), b""):
                self._say(harmless(line))


def harmless(line: bytes) -> str:
    """A printed line, as text that cannot move the cursor."""
    text = line.decode(errors="replace").rstrip("\r\n").expandtabs()
    return "".join(character if character.isprintable() else "?" for character in text)


def command_line(launch: Launch, package: str, root: Path) -> list[str]:
    """The command that starts a program inside our own process (see `inside`)."""
    inside = [sys.executable, "-m", "workshop.processes.running.inside"]
    if launch.is_tests:
        file = root.joinpath(*package.split("."), f"{launch.program}.py")
        return [*inside, "pytest", "-p", "no:cacheprovider", str(file), *launch.arguments]
    return [*inside, f"{package}.{launch.program}", *launch.arguments]


def _environment(root: Path, *, piped: bool) -> dict[str, str]:
    path = os.pathsep.join(dict.fromkeys([str(root), str(ROOT)]))
    ours = {"PYTHONUNBUFFERED": "1", "PYTHONPATH": path, "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    return {**os.environ, **ours, **NO_PROXY, **({"PYTHONIOENCODING": "utf-8:replace"} if piped else {})}
