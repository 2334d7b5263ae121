"""The finished game: its programs run, and server and client agree."""

import json
import ssl
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pygame
import pytest
import trustme

import netlib
from netlib import testing
from solutions.step14_public import client as client_program
from solutions.step14_public import public
from solutions.step14_public.server import GemRush, make_server, serve
from tests.support.processes import ROOT, python, running, wait_until_async
from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.palette import player_colour
from workshop.game.drawing.window import ScreenError
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES, Chat, Move
from workshop.game.rules.units import STEP_UNITS
from workshop.game.rules.world import World

SEED = 5


@pytest.fixture
async def game() -> AsyncIterator[GemRush]:
    """Give a running game on a free port of this machine."""
    server = netlib.Server("Lab", host="127.0.0.1", port=0, input_type=Move, discoverable=False)
    async with server:
        yield GemRush(server, World(seed=SEED))


def joined(game: GemRush, name: str, spectator: bool = False) -> netlib.Client:
    url = f"ws://127.0.0.1:{game.server.port}"
    return netlib.connect(url, name=name, messages=MESSAGES, schema=SCHEMA, spectator=spectator)


async def test_a_player_moves_one_step_per_input(game: GemRush) -> None:
    """The server takes intent: an absurd move is one step, and counted."""
    async with joined(game, "Ada") as ada:
        await wait_until_async(lambda: ada.player_id in ada.state["players"], "our player")
        before = ada.state["players"][ada.player_id]
        ada.send_input(Move(move=(100_000, 0)))
        await wait_until_async(lambda: ada.last_input_seq == 1, "our input is applied")
        after = ada.state["players"][ada.player_id]
        assert (after.x, after.y) == (before.x + STEP_UNITS, before.y)
        assert game.server.metrics.refused["too_fast"] == 1


async def test_chat_reaches_everybody(game: GemRush) -> None:
    """A line comes back to all with its sender's number, without what cannot be shown."""
    async with joined(game, "Ada") as ada, joined(game, "Bob") as bob:
        ada.send(Chat("hi\n\x1b[31m all"))
        for client in (ada, bob):
            assert await testing.message(client, Chat) == Chat("hi[31m all", ada.player_id)


async def test_a_window_shows_where_the_server_says(
    game: GemRush, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The client's last frame has every player's colour at its place on the wire."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    shot = tmp_path / "shot.png"
    async with joined(game, "Bob") as bob:
        url = f"ws://127.0.0.1:{game.server.port}"
        assert await client_program.run(url, name="Ada", seconds=1.0, screenshot=shot) == 0
        picture = pygame.image.load(shot)
        ada, bob_there = game.world.map.spawns[1], bob.state["players"][bob.player_id]
        offset = camera(ada, picture.get_size(), game.world.map)
        assert tuple(picture.get_at(world_to_screen(ada, offset))[:3]) == player_colour(1)
        place = world_to_screen((bob_there.x, bob_there.y), offset)
        assert tuple(picture.get_at(place)[:3]) == player_colour(bob_there.colour)


def test_a_client_that_cannot_connect_is_told(tmp_path: Path) -> None:
    """Nobody listens: one sentence, exit code 2, and no window."""
    flags = ("--host", "127.0.0.1", "--port", "9")
    with running(python("-m", "solutions.step14_public.client", *flags), tmp_path / "log") as client:
        assert client.wait() == 2
        assert "nothing is listening at 127.0.0.1:9" in client.text()
        assert len(client.text().splitlines()) == 1


async def test_a_taken_port_is_told(game: GemRush) -> None:
    """A port in use is an error that names it; the next free port can be asked for."""
    taken: dict[str, Any] = {"host": "127.0.0.1", "port": game.server.port, "discoverable": False}
    with pytest.raises(netlib.PortInUse, match=str(game.server.port)):
        await serve(seconds=0.01, **taken)
    assert await serve(seconds=0.01, next_port=True, **taken) == 0


@pytest.mark.parametrize(
    "run", [("-m", "solutions.step14_public.server"), ("solutions/step14_public/server.py",)]
)
def test_the_server_runs_and_ends_at_ctrl_c(run: tuple[str, ...], tmp_path: Path) -> None:
    """Both ways to start it work; Ctrl-C is a normal end without a traceback."""
    environ = {"PYTHONPATH": str(ROOT)}  # as the editable install has it
    flags = ("--port", "0", "--host", "127.0.0.1")
    with running(python(*run, *flags), tmp_path / "server.log", environ=environ) as server:
        server.wait_for(r"is open on port \d+")
        server.interrupt()
        assert server.wait() == 0
        assert "Traceback" not in server.text()


def test_a_client_without_a_screen_says_so(tmp_path: Path) -> None:
    """No display: one clear sentence with what to do, and exit code 2."""
    if sys.platform != "linux":
        pytest.skip("only Linux can lack a screen like this")
    flags = ("--port", "0", "--host", "127.0.0.1")
    with running(python("-m", "solutions.step14_public.server", *flags), tmp_path / "server.log") as server:
        port = server.wait_for(r"port (\d+)")[1]
        names = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")
        blind = ["env", *(word for name in names for word in ("-u", name))]
        command = python("-m", "solutions.step14_public.client", "--host", "127.0.0.1", "--port", port)
        with running([*blind, *command], tmp_path / "client.log") as client:
            client.wait_for("No screen was found")
            assert client.wait() == 2


async def test_a_driver_that_does_not_work_is_told(game: GemRush, monkeypatch: pytest.MonkeyPatch) -> None:
    """SDL cannot open a window: one clear sentence."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    with pytest.raises(ScreenError, match="SDL_VIDEODRIVER=dummy"):
        await client_program.run(f"ws://127.0.0.1:{game.server.port}", name="Ada")


def test_what_is_typed_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password may come from either; without any, the room is open. Other options pass through."""
    monkeypatch.delenv(public.PASSWORD, raising=False)
    assert public.guarded()["password"] == ""
    monkeypatch.setenv(public.PASSWORD, "from outside")
    assert public.guarded()["password"] == "from outside"
    assert public.guarded(password="typed")["password"] == "typed"
    assert public.guarded(room="Lab", port=0).items() >= {"room": "Lab", "port": 0, "ssl": None}.items()


async def test_a_room_over_tls(tmp_path: Path) -> None:
    """A client that trusts the authority joins; one that knows only the system's does not."""
    authority, pems = trustme.CA(), {name: str(tmp_path / f"{name}.pem") for name in ("ca", "cert", "key")}
    issued = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(pems["ca"])
    issued.cert_chain_pems[0].write_to_path(pems["cert"])
    issued.private_key_pem.write_to_path(pems["key"])
    options = public.guarded(cert=pems["cert"], key=pems["key"], host="localhost", port=0, discoverable=False)
    async with make_server(**options) as server:
        url = f"wss://localhost:{server.port}"
        async with netlib.connect(url, ssl=public.trusted(pems["ca"])) as ada:
            assert ada.connected
        with pytest.raises(netlib.NotOurServer, match="certificate"):
            await netlib.connect(url, ssl=public.trusted(""))


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    """Both files are named; nothing is opened."""
    authority = trustme.CA()
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    authority.issue_cert("localhost").cert_chain_pems[0].write_to_path(cert)
    authority.issue_cert("localhost").private_key_pem.write_to_path(key)
    with pytest.raises(netlib.StartError, match=r"cert\.pem and .*key\.pem"):
        public.certificate(cert, key)


def test_a_client_verifies() -> None:
    """Certificate and name are checked, also with an authority of the system."""
    context = public.trusted("")
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)


async def test_health_counts_and_names_nobody(game: GemRush) -> None:
    """A watchdog reads that time goes on and how many play."""
    async with joined(game, "Ada"):
        page = public.health(game.server)
        assert json.loads(page.body).items() >= {"status": "ok", "players": 1}.items()
        assert b"Ada" not in page.body
