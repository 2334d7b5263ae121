"""`workshop play`: what it starts and how it ends; the game that it shows is in test_play.py."""

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from netlib.protocol.frames import PORT
from netlib.transport.tcp import PORTS_TRIED, listen
from tests.support.commands import HEADLESS, LOOPBACK, TYPED
from tests.support.processes import Program, python, running, wait_until

OPEN = r'^"(.*)" is open on port (\d+)\. Others here can join: (.*)$'
SERVER_IS = """
import sys
from workshop.processes import children
from workshop import cli
from workshop.commands.game import play
play.running = lambda module, *words: children.running({module!r}, *words)
sys.exit(cli.run(["play"]))
"""


def play(*words: str) -> list[str | Path]:
    """Return the command."""
    return python("-m", "workshop", "play", *words)


def players(program: Program) -> int:
    """How many players the room says that it has."""
    port = program.wait_for(OPEN)[2]
    with urlopen(f"http://{LOOPBACK}:{port}/info", timeout=5) as page:
        told: int = json.load(page)["players"]
        return told


def test_alone(tmp_path: Path) -> None:
    """With --bots 0 the only player is the one at the window."""
    with running(play("--bots", "0", "--seconds", "4"), tmp_path / "log", environ=HEADLESS) as program:
        wait_until(lambda: players(program) == 1, "the player joins")
        children = set(program.left_behind()) - {program.pid}
        assert len(children) == 1, "a server, and no bots"
        assert program.wait() == 0


def test_how_others_join(tmp_path: Path) -> None:
    """The room is named after the player, and others are told what to type; odd names are no flags."""
    words = ("--bots", "0", "--seconds", "0", "--name=--port=1")
    with running(play(*words), tmp_path / "log", environ=HEADLESS) as program:
        found = program.wait_for(OPEN)
        assert (found[1], found[3]) == ("--port=1's game", f"{TYPED} join")
        assert program.wait() == 0


def test_the_usual_port_is_taken(tmp_path: Path) -> None:
    """When another server has the usual port, the game takes the next free one without a word."""
    (other,) = listen(LOOPBACK, PORT, next_port=True)  # the usual one, or who has that is as good
    with other:
        words = ("--bots", "0", "--seconds", "0")
        with running(play(*words), tmp_path / "log", environ=HEADLESS) as program:
            port = int(program.wait_for(OPEN)[2])
            assert program.wait() == 0
        assert port != other.getsockname()[1]
        assert PORT <= port < PORT + PORTS_TRIED


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import sys; sys.exit('the disk is full; make some room')", "the disk is full; make some room"),
        ("", "(it said nothing)"),
    ],
)
def test_the_server_does_not_start(tmp_path: Path, source: str, said: str) -> None:
    """A server that ends at once is told with its last words, exit code 2, and nothing is left."""
    (tmp_path / "broken_server.py").write_text(source, encoding="utf-8")
    command = python("-c", SERVER_IS.format(module="broken_server"))
    environ = {**HEADLESS, "PYTHONPATH": str(tmp_path)}
    with running(command, tmp_path / "log", environ=environ) as program:
        assert program.wait() == 2
        assert not program.left_behind()
    assert program.text().splitlines() == ["✗ error  broken_server did not start. It said:", said]
