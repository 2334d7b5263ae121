"""What the README shows is what there is."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import sources
from tests.support.processes import ROOT, python, running, wait_until
from workshop.commands.table import COMMANDS

README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_CHAT = 22  # lines of either program, blank ones and imports included: "about 15" of code


def programs() -> list[str]:
    """Return the chat's two programs, server first."""
    return [code for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "import netlib" in code]


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """Give a folder with the chat as the README has it, but for a port that is free."""
    server, client = programs()
    (tmp_path / "chat_server.py").write_text(server.replace("port=8765", "host='127.0.0.1', port=0"), "utf-8")
    (tmp_path / "chat_client.py").write_text(client, "utf-8")
    return tmp_path


def test_the_chat_is_short() -> None:
    """Server and client of a complete chat take about 15 lines each."""
    for program in programs():
        assert sum(bool(line.strip()) for line in program.splitlines()) <= LONGEST_CHAT


def test_the_game_is_as_long_as_told() -> None:
    """How many lines of code the finished game has, and how many it stands on, is true to a tenth."""
    (told,) = re.findall(r"whole game in (\d+) lines of code, on top of (\d+)", README)
    folders = (ROOT / "solutions" / "step14_public", ROOT / "workshop" / "game")
    texts = [[path.read_text(encoding="utf-8") for path in folder.rglob("*.py")] for folder in folders]
    assert [sum(map(sources.code_lines, each)) for each in texts] == pytest.approx(
        list(map(int, told)), rel=0.1
    )


def test_the_chat_works(chat: Path) -> None:
    """What Ada types in the README's chat appears at Ben's, and Ctrl-C ends the server cleanly."""
    environ = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    source = (chat / "chat_server.py").read_text("utf-8")
    source = source.replace("server.run()", "logging.basicConfig(level='INFO')\n    server.run()")
    (chat / "chat_server.py").write_text("import logging\n" + source, "utf-8")
    with running(python(chat / "chat_server.py"), chat / "server.log", environ=environ) as server:
        port = server.wait_for(r"listens on port (\d+)")[1]
        there: list[str | Path] = [chat / "chat_client.py", f"127.0.0.1:{port}"]
        with running(python(*there, "Ben"), chat / "ben.log", environ=environ) as ben:
            server.wait_for("Ben joined")
            command = python(*there, "Ada")
            ada = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, **environ})
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
