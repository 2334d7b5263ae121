"""The complete small programs without asyncio, run as people run them: as processes."""

from collections.abc import Callable
from pathlib import Path

import netlib
from netlib.threads import PolledClient
from tests.support.processes import ROOT, Program, python, running, wait_until

PROGRAMS = ROOT / "tests" / "programs"
HEADLESS = {"SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)}


class Chat(netlib.Message, frozen=True):
    text: str
    name: str = ""


class Player(netlib.Entity, frozen=True):
    x: int
    y: int
    it: bool = False


def start(name: str, *arguments: str | Path) -> list[str | Path]:
    """Return the command that runs a program as its docstring says."""
    return python("-X", "dev", "-W", "error::ResourceWarning", PROGRAMS / name, *arguments)


def address(program: Program) -> str:
    """Return where a server says that it is."""
    return program.wait_for(r" at (ws://\S+)").group(1)


def heard(client: PolledClient, what: Callable[[Chat], object]) -> None:
    """Wait until a chat message of that kind comes."""
    wait_until(lambda: any(isinstance(it, Chat) and what(it) for it in client.poll()), "the chat message")


def test_threaded_server(tmp_path: Path) -> None:
    """A blocking main thread and a room beside it: both speak, and Ctrl-C ends both, with a goodbye."""
    with running(start("threaded_server.py"), tmp_path / "log", environ=HEADLESS) as program:
        with PolledClient(address(program), name="Ada", messages=[Chat], reconnect_time=0) as client:
            heard(client, lambda chat: chat.name == "the clock" and chat.text.endswith("1 here"))
            client.send(Chat("hi"))
            heard(client, lambda chat: (chat.name, chat.text) == ("Ada", "hi"))
            program.interrupt()
            wait_until(lambda: netlib.Disconnected(1001, "the server shuts down") in client.poll(), "the end")
        assert program.wait() == 0
        assert program.text().splitlines()[1:] == ["the room is closed"]


def test_manual_server_and_polled_clients(tmp_path: Path) -> None:
    """A game of tag over three processes: walk into the one that is it, and you are it instead."""
    with running(start("manual_server.py"), tmp_path / "server", environ=HEADLESS) as server:
        url = address(server)
        hunter = start("polled_client.py", url, "Hunter")
        prey = start("polled_client.py", url, "Prey", "left")
        with running(hunter, tmp_path / "hunter", environ=HEADLESS) as ada:
            ada.wait_for('joined "Tag" as Hunter')
            ada.wait_for("I am it!")
            # Only the second walks: its program may take as long as it likes to start.
            with running(prey, tmp_path / "prey", environ=HEADLESS) as bob:
                bob.wait_for('joined "Tag" as Prey')
                ada.wait_for("I am free!")
                bob.wait_for("I am it!")
                with PolledClient(url, spectator=True, schema={"players": Player}) as witness:
                    wait_until(lambda: len(witness.state["players"]) == 2, "both players")
                server.interrupt()
                assert server.wait() == 0
                for player in (ada, bob):
                    player.wait_for("the game has ended")
                    assert player.wait() == 0


def test_polled_client_without_a_server(tmp_path: Path) -> None:
    """It says what to do, and ends with code 1."""
    with running(start("polled_client.py", "127.0.0.1:1"), tmp_path / "log", environ=HEADLESS) as program:
        assert program.wait() == 1
        assert "is the server running" in program.text()
