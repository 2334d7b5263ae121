"""From `workshop new` to two friends who play: each machine of the LAN is a network namespace of its own."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

import netlib
from netlib.recording import Replay
from tests.support.commands import HEADLESS
from tests.support.lan import Lan, lan_fixture
from tests.support.made import made
from tests.support.processes import Program

__all__ = ["lan_fixture"]

pytestmark = pytest.mark.root

ALONE = {**HEADLESS, "PYTHONPATH": ""}  # the project needs nothing of the checkout


def play(lan: Lan, host: str, folder: Path, *words: str) -> Program:
    """Start a project on a machine by the command that its README names."""
    log = folder / "play.log"
    with log.open("wb") as output:
        command = ["python3", "play.py", *words, "--record", "seen.rec"]
        options = {"cwd": folder, "stdout": output, "stderr": subprocess.STDOUT, "env": ALONE}
        process = lan.popen(host, command, stdin=subprocess.DEVNULL, **options)
    return Program(process, log)  # type: ignore[arg-type]  # its text goes to the log


async def names_in(recording: Path, collection: str) -> set[str]:
    """Return everybody whom a window got to see."""
    seen: set[str] = set()
    client = Replay(recording, speed=float("inf"))
    client.on(
        netlib.StateChanged, lambda _: seen.update(one["name"] for one in client.state[collection].values())
    )
    async with client:
        async for _ in client:
            pass
    return seen


@pytest.mark.parametrize(("kind", "collection"), [("arena", "fighters"), ("gems", "players")])
def test_two_friends_play(kind: str, collection: str, lan: Lan, tmp_path: Path) -> None:
    """Ann's game is found by Bob's copy of it without an address, and each sees the other, and a bot."""
    anns = made(tmp_path / "our_game", kind)
    bobs = Path(shutil.copytree(anns, tmp_path / "copy" / "our_game", symlinks=True))
    ann = play(lan, "ann", anns, "--name", "Ann", "--bots", "1")
    ann.wait_for("Ann joined")
    bob = play(lan, "bob", bobs, "--join", "--name", "Bob", "--seconds", "5")
    assert bob.wait() == 0, bob.text()
    ann.wait_for("Bob .*left")
    ann.process.terminate()
    assert ann.wait() == 0, ann.text()
    for folder in (anns, bobs):
        assert {"Ann", "Bob", "Bot 1"} <= asyncio.run(names_in(folder / "seen.rec", collection))
