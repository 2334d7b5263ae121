"""A game that starts with its machine, as TAKE_HOME.md says: by systemd, or in a container."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import netlib
from tests.support.commands import free_port
from tests.support.made import furnish, made
from tests.support.processes import TIMEOUT, running, wait_until_async
from tests.support.take_home import need_if_there, replaced, shown


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    """Every line of it is known to systemd, and the program that it starts is where it says."""
    need_if_there("systemd-analyze")
    unit = tmp_path / "my_game.service"
    python = {"/opt/my_game/.venv/bin/python": sys.executable}
    unit.write_text(replaced(shown("my_game.service"), python), encoding="utf-8")
    words = ["systemd-analyze", "verify", str(unit)]
    verified = subprocess.run(words, capture_output=True, text=True, timeout=TIMEOUT)
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_what_systemd_starts(tmp_path: Path) -> None:
    """It is a room that one may join, and it ends well when systemd says so."""
    project = made(tmp_path / "my_game", "arena")
    [words] = re.findall("^ExecStart=(.+)$", shown("my_game.service"), re.MULTILINE)
    assert_serves(replaced(words, {"/opt/my_game": str(project)}).split(), project, bare(tmp_path))


def test_what_the_container_holds(tmp_path: Path) -> None:
    """Its file's commands, one after the other in a folder, make a room; the packages are those from here."""
    project, image = made(tmp_path / "my_game", "gems"), tmp_path / "image"
    words = dict(line.split(maxsplit=1) for line in shown("Containerfile").splitlines())
    environ = bare(tmp_path) | dict([words["ENV"].split("=")])
    assert words["COPY"] == ". ."
    shutil.copytree(project, image, symlinks=True)
    run(words["RUN"], image, environ)
    assert_serves(json.loads(words["CMD"]), image, environ)


def bare(folder: Path) -> dict[str, str]:
    """Return what a service has of an environment: no home, no screen, nothing of the checkout."""
    return {"HOME": str(folder / "none"), "PYTHONPATH": "", "SDL_VIDEODRIVER": "dummy", "DISPLAY": ""}


def run(line: str, folder: Path, environ: Mapping[str, str]) -> None:
    """Run the two commands of the container's RUN; the packages come between them."""
    clean, set_up = line.split(" && ")
    subprocess.run(clean.split(), cwd=folder, check=True)
    furnish(folder)
    words = [sys.executable, *set_up.removeprefix("python ").split(), "--port", str(free_port())]
    subprocess.run(words, cwd=folder, env={**os.environ, **environ}, check=True, timeout=TIMEOUT)


def assert_serves(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Fail unless this is a room that somebody may join, and SIGTERM ends it with a goodbye."""
    port = free_port()
    with running([*command, "--port", str(port)], folder / "log", cwd=folder, environ=environ) as game:
        game.wait_for("listens on port")
        assert asyncio.run(goodbye(f"127.0.0.1:{port}", game.process.terminate)) == 1001
        assert game.wait() == 0, game.text()


async def goodbye(address: str, end: Callable[[], object]) -> int:
    """Join a room, let it be ended, and return the code with which it says goodbye."""
    over: list[netlib.Interrupted] = []
    async with netlib.connect(address, name="Ada") as ada:
        ada.on(netlib.Interrupted, over.append)
        end()
        await wait_until_async(lambda: over, "the room says goodbye")
    return over[0].code
