"""Somebody's program as a process, with our eyes inside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from workshop.checking import wire
from workshop.checking.plain_words import ended
from workshop.checking.stage import Stage
from workshop.checking.verdict import Trouble, Wrong
from workshop.paths import ROOT
from workshop.processes.process_group import MARK, kill_group, new_mark, own_group
from workshop.processes.surroundings import surroundings

T = TypeVar("T")
START_SECONDS = 15.0  # that a program may take to begin; a virus scanner reads along
LAST_WORDS_SECONDS = 1.0  # to hear what a program that has ended has said
AFTERMATH_SECONDS = 0.3  # after a failure, to hear what was raised: we may have felt it first
PATIENCE = 5.0  # seconds that a check waits for anything else; a slow laptop is not a wrong answer
MORE_AND_MORE = ("blocked", "asleep")
STAYS_OPEN = "the window goes on showing frames"
LINES_KEPT = 2000
LONGEST_LINE = 200  # characters
GRAVE = ("crashed", "logged", "warning", "blocked")  # kinds of trouble, the one that explains most first


class Program:
    """A program of a stage that runs for a check. Use it as an async context; it is gone afterwards.

    Args:
        name: the file without its ending, such as "server".
        arguments: its command line.
        window: draw without a screen, count frames, script keys.
        environ: more of its environment.
        driver: a module to run in its place, which is told the program's name and arguments.

    Attributes:
        lines: what it printed, line by line.
        bound: the addresses that it opened.
        sent: where it sent datagrams.
        troubles: what went wrong inside it.
        frames: what its window has shown.
        exit_code: once it has ended.
    """

    def __init__(
        self,
        stage: Stage,
        name: str,
        arguments: Sequence[str],
        *,
        window: bool = False,
        environ: dict[str, str] | None = None,
        driver: str = "",
    ) -> None:
        self.stage, self.name = stage, name
        self._words = [*([driver] if driver else []), f"{stage.package}.{name}", *arguments]
        self._window, self._environ = window, environ or {}
        self._mark = new_mark()
        self.lines: list[str] = []
        self.bound: list[wire.Bound] = []
        self.sent: list[wire.Sent] = []
        self.troubles: list[Trouble] = []
        self.frames: list[wire.Frame] = []
        self._changed, self._heard_all = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._writer: asyncio.StreamWriter | None = None

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.py"

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.returncode

    async def __aenter__(self) -> Program:
        self._ear = await asyncio.start_server(self._heard, "127.0.0.1", 0, limit=2**24)
        port = self._ear.sockets[0].getsockname()[1]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "workshop.checking.inside", *self._words),
            cwd=self.stage.root,
            env=self._environment(port),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **own_group(),
        )
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._await_end())]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind and issubclass(kind, Exception):
            await self.until(lambda: self.trouble() or self.exit_code is not None, AFTERMATH_SECONDS)
        kill_group(self._process.pid, ended=self.exit_code is not None, mark=self._mark)
        await self._process.wait()
        self._ear.close()
        if self._writer:
            self._writer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until(self, condition: Callable[[], T | None], seconds: float = PATIENCE) -> T | None:
        """Wait until the condition gives something true, and return that; None when the time is over.

        The condition is looked at whenever the program says or does something, and 20 times a second.
        """
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            rest = deadline - time.monotonic()
            if rest <= 0:
                return None
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(rest, 0.05))
        return found

    async def reaches(
        self, condition: Callable[[], T | None], seconds: float = PATIENCE, expected: str = STAYS_OPEN
    ) -> T | None:
        """Wait as `until` does, of a program that must not end meanwhile.

        Raises:
            Wrong: it has ended.
        """
        found = await self.until(lambda: self.exit_code is not None or condition(), seconds)
        if self.exit_code is not None:
            raise self.ended_early(expected)
        return condition() if found else None

    async def ended(self, seconds: float = PATIENCE) -> int | None:
        """Wait for its end, and return the exit code; None when it goes on. All it said is heard then."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), seconds)
            async with asyncio.timeout(LAST_WORDS_SECONDS):
                await self._heard_all.wait()
                await asyncio.wait(self._tasks[:1])
        return self.exit_code

    def hold(self, *keys: str) -> None:
        """Hold these keys down from the next frame on, and no other: "right", "space", …"""
        self._order(wire.Hold(list(keys)))

    def close_window(self) -> None:
        """Press the window's close button, at the next frame."""
        self._order(wire.CloseWindow())

    def linger(self, seconds: float, frames: int = 1) -> None:
        """Make each of the next frames take so much longer, as a slow screen does."""
        self._order(wire.Linger(seconds, frames))

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self._order(wire.Interrupt())

    def terminate(self) -> None:
        """Ask it to end as a system does that shuts down: SIGTERM; on Windows what Ctrl-C does."""
        if sys.platform == "win32":
            self.interrupt()
        elif self.exit_code is None:
            self._process.terminate()

    async def type(self, line: str) -> None:
        """Type a line at its keyboard."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(line.encode() + b"\n")
            await self._process.stdin.drain()

    def trouble(self, *kinds: str) -> Trouble | None:
        """What went wrong inside it, with a line of the stage, what explains most first; None for nothing."""
        for kind in kinds or GRAVE:
            found = [trouble for trouble in self.troubles if trouble.kind == kind and trouble.place]
            if found:  # of some, more is told the longer they last
                return max(found, key=lambda each: float(each.name)) if kind in MORE_AND_MORE else found[0]
        return None

    def ended_early(self, expected: str) -> Wrong:
        """What to say when it ended and should not have."""
        crash = self.trouble("crashed")
        said = f", with {crash}" if crash else f": {ended(self.exit_code or 0)}"
        return Wrong(expected, f"{self.file} has ended{said}", "ended_early")

    def _environment(self, port: int) -> dict[str, str]:
        folders = {wire.STAGE: str(self.stage.folder), "PYTHONPATH": f"{self.stage.root}{os.pathsep}{ROOT}"}
        ours = folders | {wire.PORT: str(port), MARK: self._mark}
        if self._window:
            ours |= {wire.WINDOW: "1", "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
        return surroundings(os.environ) | ours | self._environ

    def _order(self, order: wire.Order) -> None:
        if self._writer and self.exit_code is None:
            self._writer.write(wire.encode(order) + b"\n")

    async def _heard(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        # Python 3.11 prints a traceback for a cancelled task of this kind.
        with contextlib.suppress(OSError, ValueError, asyncio.CancelledError):
            async for line in reader:
                with contextlib.suppress(msgspec.MsgspecError):
                    self._note(wire.decode_told(line))
                self._changed.set()
        self._heard_all.set()

    def _note(self, message: wire.Message) -> None:
        match message:
            case wire.Bound():
                self.bound.append(message)
            case wire.Sent():
                self.sent.append(message)
            case wire.Troubled():
                self.troubles.append(message.trouble)
            case wire.Frame():
                self.frames.append(message)

    async def _read(self) -> None:
        """Keep what it prints; of a flood only the end."""
        assert self._process.stdout is not None
        rest = b""
        while block := await self._process.stdout.read(2**16):
            *whole, rest = (rest + block).split(b"\n")
            self.lines += [_readable(line) for line in whole[-LINES_KEPT:]]
            del self.lines[:-LINES_KEPT]
            rest = rest[-(2**16) :]
            self._changed.set()
        if rest:
            self.lines.append(_readable(rest))

    async def _await_end(self) -> None:
        await self._process.wait()
        self._changed.set()


def _readable(line: bytes) -> str:
    whole = line[: 4 * LONGEST_LINE + 4].decode(errors="replace")  # no character has more than 4 bytes
    text = "".join(c if c.isprintable() else " " for c in whole.rstrip())
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + " …"
