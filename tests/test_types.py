"""Programs on netlib pass type checkers as written, and what is wrong in them is found there."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.lines import save_programs
from tests.support.processes import ROOT
from tests.support.tools import cannot_run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("types")]

TOOLS = (str(ROOT / "node_modules" / ".bin"), str(Path(sys.executable).parent))
PYRIGHT = shutil.which("pyright", path=os.pathsep.join(TOOLS))
GAME = ROOT / "solutions" / "step14_public"
EXAMPLES = ROOT / "examples"

Said = tuple[Path, int, str, str]  # the file, the line, how bad it is, the words

PROGRAM = """
from typing import Any
import netlib
from netlib import threads
class Chat(netlib.Message):
    text: str
    sender: str = ""
class Answer(netlib.Message):
    number: int
class Player(netlib.Entity):
    x: int = 0
class Ball(netlib.Entity):
    y: int = 0
class Move(netlib.Input):
    dx: float = 0.0
class Scored(netlib.Event):
    points: int
server = netlib.Server("x", input_type=Move)
@server.on(Chat)
def heard(peer: netlib.Peer, message: Chat) -> None:
    message.text = "no"  # wrong: frozen
@server.on(Chat)
async def heard_later(peer: netlib.Peer, message: Chat) -> None: ...
@server.on(netlib.Joined)
def joined(event: netlib.Joined) -> None: ...
@server.on("move")
def moved(peer: netlib.Peer, message: netlib.Untyped) -> None: ...
@server.on_tick
def tick(dt: float) -> None: ...
@server.on_request(Chat)
async def answer(peer: netlib.Peer, message: Chat) -> Answer: return Answer(3)
@server.on(netlib.Joined)  # wrong
def three(a: int, b: int, c: int) -> None: ...
@server.on(Chat)  # wrong
def swapped(message: Chat, peer: netlib.Peer) -> None: ...
@server.on_tick  # wrong
def tock(dt: str) -> None: ...
server.on(Chat, lambda x: None)  # wrong
server.on(Scored, lambda event: event.points + 1)
server.on(Scored, lambda event: event.words)  # wrong
server.on(Chat, lambda peer, message: message.text.upper())
server.on(Chat, lambda peer, message: message.points)  # wrong
server.on(Chat, lambda peer, message: peer.sned(message))  # wrong
server.publish({"p": {1: Player(3)}})
server.publish({"p": [Player()]})  # wrong
server.broadcast(Chat("hi"), exclude=server.peers)
server.broadcast("shout", exclude=3, message="hi", peer=1, self=2)
server.broadcast(Chat("hi"), but=server.peers)  # wrong
server.send(server.peers[0], server.message("shout", words="hi"), delivered=print)
Chat(text=3)  # wrong
Player(y=3)  # wrong
Move(dx="far")  # wrong
Scored()  # wrong
behind = threads.BackgroundServer("x")
behind.on(Chat, heard)
behind.on(Chat, joined)  # wrong
polled = threads.PolledClient("x", schema={"p": Player})
reveal_type(polled.state["p"][1])  # Player
polled.on(Chat, lambda message: message.points)  # wrong
reveal_type(polled.request(Chat("x"), reply=Answer).number)  # int
async def main() -> None:
    async with netlib.connect("x", messages=[Chat], schema={"p": Player}) as client:
        reveal_type(client)  # connect[Player]
        reveal_type(client.state["p"][1])  # Player
        client.on(Chat, lambda message: None)
        client.on(Chat, lambda peer, message: None)  # wrong
        reveal_type(await client.request(Chat("x"), reply=Answer))  # Answer
        reveal_type(await client.request("ask", timeout=3, reply=4))  # Any
        client.send(Player())  # wrong
        client.send("chat", message="hi", timeout=3, delivered=4)
    anybody: netlib.Client = netlib.connect("x")
    reveal_type(anybody.state["p"][1].x)  # Any
    reveal_type(netlib.connect("x").state["countdown"])  # Any
    both: netlib.Client = netlib.connect("x", schema={"p": Player, "q": Ball})
    print(both.state["q"][1].y)
"""


def mypy(folder: Path, *paths: Path) -> list[Said]:
    """Return what mypy says of these files."""
    if importlib.util.find_spec("mypy") is None:
        cannot_run("mypy is not here: pip install --editable '.[dev]'")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--python-version=3.11"]
    command += ["--namespace-packages", "--explicit-package-bases", "--output=json"]
    command += [f"--cache-dir={ROOT / '.mypy_cache' / 'programs'}", *map(str, paths)]
    environ = {**os.environ, "MYPYPATH": os.pathsep.join([str(ROOT), str(folder)])}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environ)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [(folder / each["file"], each["line"], each["severity"], each["message"]) for each in said]


def pyright(folder: Path, *paths: Path) -> list[Said]:
    """Return what pyright says of these files."""
    if PYRIGHT is None:
        cannot_run("pyright is not here: npm install")
    config = {
        "extraPaths": [str(ROOT), str(folder)],
        "pythonVersion": "3.11",
        "include": [os.path.relpath(path, folder) for path in paths],  # it does not look at absolute ones
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    command = [PYRIGHT, "--outputjson", "--pythonpath", sys.executable, "--project", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = json.loads(done.stdout)["generalDiagnostics"]
    return [
        (Path(each["file"]), each["range"]["start"]["line"] + 1, each["severity"], each["message"])
        for each in said
    ]


CHECKERS = [mypy, pyright]
Checker = Callable[..., list[Said]]


@pytest.mark.parametrize("check", CHECKERS, ids=lambda check: check.__name__)
def test_the_readmes_programs_and_the_games_pass(check: Checker, tmp_path: Path) -> None:
    """What a newcomer copies out of the README has no error, nor has the finished game, nor an example."""
    save_programs(tmp_path)
    games = [*sorted(GAME.glob("*.py")), *sorted(EXAMPLES.rglob("*.py"))]
    found = check(tmp_path, *sorted(tmp_path.glob("*.py")), *games)
    assert [each for each in found if each[2] == "error"] == []


@pytest.mark.parametrize("check", CHECKERS, ids=lambda check: check.__name__)
def test_what_is_wrong_is_found_and_nothing_else(check: Checker, tmp_path: Path) -> None:
    """Each line that is marked as wrong is an error, no other line is, and types are as the marks say."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM, encoding="utf-8")
    marks = {number: line.partition("  # ")[2] for number, line in enumerate(PROGRAM.splitlines(), 1)}
    found = [each for each in check(tmp_path, path) if each[0].name == path.name]
    wrong = {line for _, line, severity, _ in found if severity == "error"}
    assert wrong == {number for number, mark in marks.items() if mark.startswith("wrong")}
    told = [(line, words) for _, line, severity, words in found if severity != "error"]
    revealed = [(line, kind) for line, words in told for kind in re.findall(r' is "([^"]+)"', short(words))]
    for number, mark in marks.items():
        assert not mark or mark.startswith("wrong") or (number, mark) in revealed, (number, mark, revealed)


def short(words: str) -> str:
    """Return a checker's words with each name as it is in the program."""
    return re.sub(r"(\w+\.)+(?=\w)", "", words)
