"""`host` on one machine of a LAN, `join` on others: every host here is a network namespace of its own."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.commands import HEADLESS
from tests.support.lan import Lan, host_room, lan_fixture
from tests.support.processes import TIMEOUT

__all__ = ["lan_fixture"]

pytestmark = pytest.mark.root

WORKSHOP = [sys.executable, "-m", "workshop"]


def join(lan: Lan, who: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Join for some seconds, as that host's user would."""
    command = [*WORKSHOP, "join", *words, "--name", who.title(), "--seconds", "2"]
    return lan.run(who, command, stdin=subprocess.DEVNULL, env=HEADLESS)


def play(lan: Lan, who: str, *words: str) -> None:
    """Let a host's user play alone, until the LAN is taken down."""
    command = [*WORKSHOP, "play", "--bots", "0", *words]
    game = lan.popen(who, command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=HEADLESS)
    assert game.stdout is not None
    assert "is open on port" in game.stdout.readline()


def test_join_finds_the_room_and_plays(lan: Lan, tmp_path: Path) -> None:
    """Without an address, `join` finds the room by broadcast; two players on two machines are in it."""
    room = host_room(lan, tmp_path / "host.log", "--name", "Our room")
    ann = lan.popen("ann", [*WORKSHOP, "join", "--name", "Ann"], stdin=subprocess.DEVNULL, env=HEADLESS)
    room.wait_for("Ann joined")
    bob = join(lan, "bob")
    assert bob.returncode == 0, bob.stdout + bob.stderr
    assert f'Found "Our room" at {lan.address("server")}' in bob.stdout
    room.wait_for("2 of 32 players")
    ann.send_signal(signal.SIGINT)
    assert ann.wait(timeout=TIMEOUT) == 0
    room.wait_for("Ann left")


def test_host_prints_what_others_type(lan: Lan, tmp_path: Path) -> None:
    """`host` prints its LAN address in the command that others type."""
    room = host_room(lan, tmp_path / "host.log")
    assert f"workshop join {lan.address('server')}" in room.text()


@pytest.mark.parametrize("where", ["server", "bob"])
def test_with_udp_blocked_the_typed_address_works(lan: Lan, tmp_path: Path, where: str) -> None:
    """When a firewall at either end blocks UDP, `join` says so, and the typed address works."""
    host_room(lan, tmp_path / "host.log")
    lan.block_udp(where)
    lost = join(lan, "bob")
    assert lost.returncode == 2 and "firewall" in lost.stderr and "UDP" in lost.stderr
    assert "workshop join 192.168.1.5" in lost.stderr and "Traceback" not in lost.stderr
    found = join(lan, "bob", lan.address("server"))
    assert found.returncode == 0, found.stdout + found.stderr


def test_several_rooms_without_a_terminal(lan: Lan, tmp_path: Path) -> None:
    """With several rooms and nobody to ask, `join` lists them and exits with 2."""
    host_room(lan, tmp_path / "one.log", "--name", "First")
    host_room(lan, tmp_path / "two.log", "--name", "Second", "--port", "9000")
    lost = join(lan, "ann")
    assert lost.returncode == 2
    assert all(it in lost.stdout for it in ("First", "Second", f"{lan.address('server')}:9000"))


def test_a_hosted_room_goes_before_a_single_players_game(lan: Lan, tmp_path: Path) -> None:
    """Somebody's own `play` on the same network does not keep `join` from the room of the class."""
    host_room(lan, tmp_path / "host.log", "--name", "The class")
    play(lan, "ann")
    bob = join(lan, "bob")
    assert bob.returncode == 0 and 'Found "The class"' in bob.stdout


def test_a_single_players_game_is_found(lan: Lan) -> None:
    """A player who types `join` is in the game of the one who typed `play`."""
    play(lan, "ann", "--name", "Ann")
    bob = join(lan, "bob")
    assert bob.returncode == 0 and "Ann's game" in bob.stdout, bob.stderr


def test_info_over_http(lan: Lan, tmp_path: Path) -> None:
    """`GET /info` tells the same about the room when UDP is blocked."""
    host_room(lan, tmp_path / "host.log", "--name", "Our room", "--password", "x")
    fetch = f"import urllib.request as u; print(u.urlopen('http://{lan.address('server')}:8765/info').read().decode())"
    told = json.loads(lan.run("ann", [sys.executable, "-c", fetch]).stdout)
    assert (told["name"], told["password"], told["hosted"], told["players"]) == ("Our room", True, True, 0)


def test_nobody_hosts(lan: Lan) -> None:
    """With no room on the network, `join` says what is likely and what to try, and exits with 2."""
    alone = join(lan, "ann")
    assert alone.returncode == 2 and "No room answered" in alone.stderr
    assert "workshop host" in alone.stderr
