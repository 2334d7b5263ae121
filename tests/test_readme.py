"""What the README shows is what there is."""

import os
import re
import subprocess
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import Mock

import pytest

import netlib
from netlib import InterpolationBuffer
from netlib.interest import Private, Views
from netlib.lag_compensation import History
from netlib.rooms import Join
from tests.support import sources
from tests.support.lines import BLOCK, compiled, programs, save_programs, tables
from tests.support.processes import ROOT, TIMEOUT, python, running, wait_until, wait_until_async
from tests.support.rooms import a_room, url
from workshop.commands.table import COMMANDS

README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_CHAT = 22  # lines of either program, blank ones and imports included: "about 15" of code


# Run by Python itself at its start: the defaults of a program's server become those of a test.
ON_LOOPBACK = """
import inspect, logging, netlib
from netlib.rooms import RoomServer
logging.basicConfig(level="INFO")
for kind in (netlib.Server, RoomServer):
    inspect.unwrap(kind.__init__).__kwdefaults__.update(host="127.0.0.1", port=0, discoverable=False)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the README's programs as they stand."""
    (tmp_path / "environment").mkdir()
    (tmp_path / "environment" / "sitecustomize.py").write_text(ON_LOOPBACK, "utf-8")
    return save_programs(tmp_path)


def environ(folder: Path) -> dict[str, str]:
    """Return what a program of that folder is started with: our netlib, and no screen."""
    path = os.pathsep.join([str(folder / "environment"), str(ROOT)])
    return {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "SDL_VIDEODRIVER": "dummy"}


def test_every_block_of_code_is_run() -> None:
    """What the README has as Python is a program, stands above a table of lines, or has its own test."""
    above = {BLOCK.findall(table)[0] for table in tables().values()}
    shown = {large_data(), about_views(), *about_state(), *about_shots(), shared(), joining()}
    assert set(BLOCK.findall(README)) == above | set(programs().values()) | shown
    assert len(programs()) == 6


def large_data() -> str:
    """Return the lines about sending much."""
    found: str = BLOCK.findall(README.partition("## Large data")[2])[0]
    return found


def about_state() -> tuple[str, str]:
    """Return the lines about a state without classes, and those about one with them."""
    plain, typed = BLOCK.findall(README.partition("## State")[2].partition("## What each player")[0])
    return plain, typed


def shared() -> str:
    """Return the lines about predicting what is shared."""
    found: str = BLOCK.findall(README.partition("## Predicting what is shared")[2])[0]
    return found


def test_a_ball_is_predicted_with_the_own_paddle() -> None:
    """The README's lines move both by one's own inputs at once, and start again from the next snapshot."""

    class Move(netlib.Input):
        down: int = 0

    class Thing(netlib.Entity):
        place: int = 0
        speed: int = 0

    client = Mock(state={"things": {1: Thing(5), 2: Thing(50), 3: Thing(9, 2)}}, last_input_seq=0)
    client.on = lambda event: lambda listener: listener
    names: dict[str, Any] = {
        "netlib": netlib,
        "Move": Move,
        "client": client,
        "MINE": 1,
        "OTHER": 2,
        "BALL": 3,
    }
    names["flown"] = lambda ball, speed, *paddles: (ball + speed, speed)
    compiled(shared(), names)()
    ahead, Near = names["ahead"], names["Near"]
    names["take_in"](netlib.StateChanged(1))
    assert ahead.predict(Move(down=1, seq=1)) == Near(paddle=6, ball=11, speed=2, other=50)
    assert ahead.predict(Move(down=1, seq=2)) == Near(paddle=7, ball=13, speed=2, other=50)
    client.state, client.last_input_seq = {"things": {1: Thing(6), 2: Thing(60), 3: Thing(11, -2)}}, 1
    names["take_in"](netlib.StateChanged(2))
    assert ahead.predicted == Near(paddle=7, ball=9, speed=-2, other=60)
    assert (ahead.corrections, ahead.verdict.field) == (1, "speed")


def joining() -> str:
    """Return the lines by which players say which room they want."""
    found: str = BLOCK.findall(README.partition("## Many rooms in one server")[2])[1]
    return found


async def test_players_get_the_rooms_that_they_want(folder: Path) -> None:
    """The server of tables lets all in but Eve; its players meet by code and by list, and one wins."""
    with running(
        python("table_server.py"), folder / "server.log", environ=environ(folder), cwd=folder
    ) as server:
        address = f"ws://127.0.0.1:{server.wait_for(r'listens on port ([0-9]+)')[1]}"
        printed: list[bool] = []
        await compiled(joining(), {"netlib": netlib, "address": address, "print": printed.append})()
        assert printed == [True]
        with pytest.raises(netlib.Refused, match="no Eves"):
            await netlib.connect(address, name="Eve", join=Join("table"))
        async with (
            netlib.connect(address, name="Ada", join=Join("table"), messages=["well_done"]) as ada,
            netlib.connect(address, name="Ben", join=Join("table"), messages=["well_done"]) as ben,
        ):
            assert ada.room_id == ben.room_id
            await ben.wait_for("well_done", timeout=TIMEOUT)
            assert [player["name"] for player in ben.state["players"].values()] == ["Ada", "Ben"]
        server.interrupt()
        assert server.wait() == 0


def about_views() -> str:
    """Return the lines about what each player may see."""
    found: str = BLOCK.findall(README.partition("## What each player may see")[2])[0]
    return found


def about_shots() -> tuple[str, str]:
    """Return the lines about lag compensation: the server's, and the client's."""
    there, here = BLOCK.findall(README.partition("## Lag compensation")[2].partition("## What a dropped")[0])
    return there, here


async def test_shots_are_judged_by_what_was_seen() -> None:
    """The README's lines tell a server what its player saw, which is not what is there now."""

    class Player(netlib.Entity):
        x: float
        y: float = 0.0

    class Shot(netlib.Input):
        aim: int

    there, here = about_shots()
    async with (
        a_room(input_type=Shot) as server,
        netlib.connect(url(server), schema={"players": Player}) as ada,
    ):
        judged: list[tuple[float, float]] = []
        players = {7: Player(0.0)}
        names: dict[str, Any] = {"server": server, "players": players, "History": History, "netlib": netlib}
        names["judge"] = lambda peer, shot, seen: judged.append((shot.shown_tick, seen[7].x))
        server.on_tick(lambda dt: players.update({7: Player(10.0 * server.tick)}))
        compiled(there, names)()
        others = InterpolationBuffer({"players": ("x", "y")}, tick_rate=30)
        ada.on(netlib.StateChanged, lambda event: others.add(event.tick, ada.state, netlib.clock()))
        first = await ada.wait_for(netlib.StateChanged)
        await wait_until_async(lambda: ada.tick >= first.tick + 6, "some states")
        compiled(here, {"client": ada, "others": others, "netlib": netlib, "Shot": Shot})()
        await wait_until_async(lambda: judged, "the shot")
        shown, x = judged[0]
        assert x == pytest.approx(10 * shown) and x < players[7].x


async def test_what_is_published_is_in_the_state() -> None:
    """Plain values and dicts do without a schema; entities of a class, and without what they do not name."""
    plain, typed = about_state()
    async with a_room() as server, netlib.connect(url(server)) as first:
        (peer,) = server.peers
        names: dict[str, Any] = {"server": server, "peer": peer, "netlib": netlib, "Annotated": Annotated}
        compiled(plain, names)()
        await wait_until_async(lambda: first.state, "the state")
        assert (first.state["countdown"], first.state["scores"]) == (10, {"Ada": 3})
        assert first.state["players"] == {peer.id: {"x": 3.5, "heading": 90}}
        names["address"] = url(server)
        compiled(typed, names)()
        async with names["client"] as second:
            await wait_until_async(lambda: second.state["ships"], "the ships")
            assert second.state == {"ships": {peer.id: names["Ship"](x=3.5, heading=90)}}


async def test_each_player_sees_its_own() -> None:
    """The README's tick shows each its hand, the ships that are near, and what is everybody's."""

    class Ship(netlib.Entity):
        x: float
        y: float = 0.0

    class Card(netlib.Entity):
        face: str

    schema = {"ships": Ship, "hand": Card}
    ships, hands = dict[int, Ship](), dict[int, dict[int, Card]]()
    names = {"Views": Views, "Private": Private, "ships": ships, "hands": hands}
    async with a_room() as server:
        compiled(about_views(), {**names, "server": server})()
        async with (
            netlib.connect(url(server), name="Ada", schema=schema) as ada,
            netlib.connect(url(server), name="Ben", schema=schema) as ben,
        ):
            for client, x in ((ada, 0.0), (ben, 9000.0)):
                ships[client.player_id or 0] = Ship(x)
                hands[client.player_id or 0] = {1: Card(f"of {client.name}")}
            await wait_until_async(lambda: ada.state["hand"] and ben.state["hand"], "both have a hand")
            assert ada.state == {"ships": {1: Ship(0.0)}, "hand": {1: Card("of Ada")}, "round": 3}
            assert ben.state == {"ships": {2: Ship(9000.0)}, "hand": {1: Card("of Ben")}, "round": 3}


async def test_much_can_be_sent() -> None:
    """The README's loop sends 8 MiB, of which little waits at any time, and all arrives."""

    class Chunk(netlib.Message):
        data: str

    chunks = ["x" * 1024 * 1024] * 8
    async with a_room() as server, netlib.connect(url(server), messages=[Chunk]) as client:
        got: list[Chunk] = []
        client.on(Chunk, got.append)
        waiting = compiled(large_data(), {"chunks": chunks, "peer": server.peers[0], "Chunk": Chunk})()
        await waiting
        assert server.peers[0].backlog < server.limits.soft_backlog
        await wait_until_async(lambda: [chunk.data for chunk in got] == chunks, "all chunks")


def test_the_chat_is_short() -> None:
    """Server and client of a complete chat take about 15 lines each."""
    for name in ("chat_server.py", "chat_client.py"):
        assert sum(bool(line.strip()) for line in programs()[name].splitlines()) <= LONGEST_CHAT


def test_the_game_is_as_long_as_told() -> None:
    """How many lines of code the finished game has, and how many it stands on, is true to a tenth."""
    (told,) = re.findall(r"whole game in (\d+) lines of code, on top of (\d+)", README)
    folders = (ROOT / "solutions" / "step14_public", ROOT / "workshop" / "game")
    texts = [[path.read_text(encoding="utf-8") for path in folder.rglob("*.py")] for folder in folders]
    assert [sum(map(sources.code_lines, each)) for each in texts] == pytest.approx(
        list(map(int, told)), rel=0.1
    )


def test_the_chat_works(folder: Path) -> None:
    """What Ada types in the README's chat appears at Ben's, and Ctrl-C ends the server cleanly."""
    with running(
        python("chat_server.py"), folder / "server.log", environ=environ(folder), cwd=folder
    ) as server:
        port = server.wait_for(r"listens on port (\d+)")[1]
        there: list[str | Path] = ["chat_client.py", f"127.0.0.1:{port}"]
        with running(python(*there, "Ben"), folder / "ben.log", environ=environ(folder), cwd=folder) as ben:
            server.wait_for("Ben joined")
            ada = subprocess.Popen(
                python(*there, "Ada"),
                stdin=subprocess.PIPE,
                env={**os.environ, **environ(folder)},
                cwd=folder,
            )
            try:
                assert ada.stdin is not None
                ada.stdin.write(b"hello, Ben\n")
                ada.stdin.flush()
                wait_until(lambda: "Ada: hello, Ben" in ben.text(), "Ben reads what Ada typed")
            finally:
                ada.kill()
                ada.communicate()
        server.interrupt()
        assert server.wait() == 0


def test_the_small_game_works(folder: Path) -> None:
    """The README's game opens its window, joins, and both programs end cleanly."""
    with running(
        python("walk_server.py"), folder / "server.log", environ=environ(folder), cwd=folder
    ) as server:
        port = server.wait_for(r"listens on port (\d+)")[1]
        command = python("walk.py", f"127.0.0.1:{port}")
        with running(command, folder / "walk.log", environ=environ(folder), cwd=folder) as walk:
            walk.wait_for("Connected")
            walk.interrupt()
            assert walk.wait() == 0
        server.interrupt()
        assert server.wait() == 0


def test_the_echo_server_works(folder: Path) -> None:
    """The README's server on the connection class is a program, too."""
    with running(python("echo_server.py"), folder / "echo.log", environ=environ(folder), cwd=folder) as echo:
        echo.wait_for(r"listening on port \d+")
        echo.interrupt()
        assert echo.wait() == 0


def test_every_command_is_listed() -> None:
    """The table of commands has each command that there is, and no other."""
    table = README.partition("| command |")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `(\w+)", table, re.MULTILINE)
    assert set(listed) == set(COMMANDS)


def test_what_the_readme_names_exists() -> None:
    """Files, folders and pictures that the README names are there."""
    quoted, linked = r"`((?:netlib|workshop|solutions|tests)/[\w./]*)`", r"\]\(([\w./]+\.\w+|LICENSE)\)"
    for name in (one or other for one, other in re.findall(f"{quoted}|{linked}", README)):
        assert (ROOT / name).exists(), name
