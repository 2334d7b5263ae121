"""The command line as people use it: a process with two streams, without a terminal or a screen."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.processes import ROOT, TIMEOUT, Program, python
from workshop import cli

TYPED = "py -m workshop"  # how the person started us, in these tests
HEADLESS = {"SDL_VIDEODRIVER": "dummy", "WORKSHOP_TYPED": TYPED, "PYTHONUNBUFFERED": "1"}
SOON = 20.0  # seconds; Ctrl-C ends everything within one, but a machine that is very busy needs some more
LOOPBACK = "127.0.0.1"
OPEN = r"is open on port (\d+)"  # what is told of a room


@dataclass(frozen=True)
class Ended:
    """What a command has left: its exit code and its two streams."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on standard error, behind its sign and word; fails the test where there are more."""
        assert self.code == 2, self
        (line,) = self.err.splitlines()
        assert "Traceback" not in self.err
        assert line.startswith("✗ error  "), line
        return line.removeprefix("✗ error  ")


class Said(NamedTuple):
    """What a command has printed."""

    out: str
    err: str


class Shell:
    """Runs commands in this process, which is faster, and sees them as the test has patched them."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> Said:
        """Run a command, which ends with that exit code; return what it prints."""
        self._capsys.readouterr()
        assert cli.run(words) == code
        return Said(*self._capsys.readouterr())


async def workshop(*words: str, environ: Mapping[str, str] | None = None) -> Ended:
    """Run `python -m workshop` with these words to its end, while servers in this loop go on."""
    process = await asyncio.create_subprocess_exec(
        *map(str, python("-m", "workshop", *words)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **HEADLESS, **(environ or {})},
        cwd=ROOT,
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise AssertionError(f"workshop {' '.join(words)} does not end") from None
    assert process.returncode is not None
    return Ended(process.returncode, _text(out), _text(err))


def address(program: Program) -> str:
    """Return where the room is that a program has opened."""
    return f"ws://{LOOPBACK}:{program.wait_for(OPEN)[1]}"


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return [path.name for path in folder.iterdir()]


def free_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _text(data: bytes) -> str:
    return data.decode(errors="replace").replace("\r\n", "\n")
