"""`run`: somebody's programs, together, from the first line to the last process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.checkout import a_checkout, add_program
from tests.support.commands import HEADLESS, SOON, free_port
from tests.support.processes import Program, is_alive, python, running, wait_until
from workshop import steps
from workshop.commands.course import run

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")

SERVER = """
import argparse, socket
parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8765)
listener = socket.create_server(("127.0.0.1", parser.parse_args().port))
print("listening on", listener.getsockname()[1])
while True:
    listener.accept()
"""
CLIENT = """
import argparse, os, socket, time
parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8765)
parser.add_argument("--latency")
options = parser.parse_args()
socket.create_connection(("127.0.0.1", options.port))
print("connected, latency", options.latency, "process", os.getpid())
"""
ECHO_KEYBOARD = """
while line := input():
    print("typed", line)
"""
STAY = "time.sleep(600)\n"
SERVES, CLIENTS = "starter/step02_echo/server.py", "starter/step02_echo/client.py"

Start = Callable[..., Program]


@pytest.fixture(scope="module")
def machinery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a checkout that the tests of this file share: each writes the programs that it needs."""
    return a_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def checkout(machinery: Path) -> Path:
    """Give a checkout with a step 2 that works."""
    add_program(machinery, SERVES, SERVER)
    add_program(machinery, CLIENTS, CLIENT)
    return machinery


@pytest.fixture
def start(checkout: Path, tmp_path: Path) -> Iterator[Start]:
    """Give a function that starts `workshop run …`; it has ended with the test."""
    environ = HEADLESS | {"WORKSHOP_PROGRESS": str(tmp_path / "progress.json"), "COLUMNS": "200"}
    with ExitStack() as stack:

        def start(*words: str) -> Program:
            command = python("-m", "workshop", "run", *words)
            log = tmp_path / "log"
            return stack.enter_context(running(command, log, environ=environ, cwd=checkout))

        yield start


def on_a_free_port(*words: str) -> list[str]:
    """The words, and a port that no other test has."""
    return [*words, "--port", str(free_port())]


def said(program: Program, code: int = 0) -> str:
    """What a program has said that ends by itself, with that exit code."""
    assert program.wait() == code, program.text()
    return program.text()


def test_both(start: Start) -> None:
    """The server is ready before the client starts, and when the client ends all end."""
    first, second, third, *_ = said(start(*on_a_free_port("2"))).splitlines()
    assert first.startswith("server │ listening on ") and second.startswith("client │ connected")
    assert third == "The client has ended."


def test_flags_go_to_the_clients(start: Start) -> None:
    """What follows -- is for those of the last kind."""
    program = start(*on_a_free_port("2", "--clients", "2"), "--", "--latency", "200")
    assert "│ connected, latency 200" in said(program)


def test_ascii(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the terminal has no such sign, a plain bar comes after the name."""
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert said(start(*on_a_free_port("2"))).startswith("server | listening on ")


def test_the_solution(start: Start, checkout: Path) -> None:
    """With --solution the solution's programs run."""
    add_program(checkout, "solutions/step02_echo/server.py", SERVER.replace("listening", "well done"))
    add_program(checkout, "solutions/step02_echo/client.py", CLIENT)
    assert "server │ well done on" in said(start(*on_a_free_port("2", "--solution")))


def test_one_program_has_the_terminal(start: Start) -> None:
    """A program alone is not prefixed; its exit code is ours."""
    program = start(*on_a_free_port("2", "server"))
    program.wait_for("^listening on")
    program.interrupt()
    assert program.wait(timeout=SOON) == 0


def test_the_keyboard(checkout: Path, tmp_path: Path) -> None:
    """What is typed reaches the client, also beside a server; the end of input, too."""
    add_program(checkout, CLIENTS, CLIENT + ECHO_KEYBOARD)
    words = [sys.executable, "-m", "workshop", "run", *on_a_free_port("2")]
    environ = {**os.environ, **HEADLESS, "WORKSHOP_PROGRESS": str(tmp_path / "progress.json")}
    done = subprocess.run(words, input=b"hello\nyou\n\n", cwd=checkout, env=environ, capture_output=True)
    out = done.stdout.decode()
    assert re.search("client │ typed hello\r?\nclient │ typed you", out), out + done.stderr.decode()


def test_input_waits_where_nobody_types(start: Start, checkout: Path) -> None:
    """Of two clients that read the keyboard one gets it, and the other waits: it is not at its end."""
    add_program(checkout, CLIENTS, CLIENT + "import sys\nif 'x' not in sys.stdin.read(1): print('end')\n")
    text = said(start(*on_a_free_port("2", "--clients", "2")))
    assert len(re.findall(r"client \d │ end", text)) == 1


@posix
def test_ctrl_c(start: Start, checkout: Path) -> None:
    """Ctrl-C ends all within a second, without a traceback, and whatever they have started."""
    sleeper = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    child = f"import subprocess, sys\nprint('child', subprocess.Popen({sleeper}).pid)\n"
    add_program(checkout, CLIENTS, CLIENT + child + STAY)
    program = start(*on_a_free_port("2"))
    pids = [int(program.wait_for(rf"{word} (\d+)")[1]) for word in ("process", "child")]
    program.interrupt()
    assert program.wait(timeout=SOON) == 0
    assert "Traceback" not in program.text()
    assert not any(is_alive(pid) for pid in pids)


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_other_ends(start: Start, checkout: Path, number: signal.Signals) -> None:
    """When the system ends or kills us, or the terminal is closed, nothing is left."""
    add_program(checkout, CLIENTS, CLIENT + STAY)
    program = start(*on_a_free_port("2"))
    pid = int(program.wait_for(r"process (\d+)")[1])
    program.process.send_signal(number)
    program.wait(timeout=SOON)
    wait_until(lambda: not is_alive(pid), "the client ends")


@posix
@posix
def test_a_stubborn_program(start: Start, checkout: Path) -> None:
    """A program that ignores Ctrl-C is ended all the same, within the second."""
    stubborn = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); print('stubborn', os.getpid())\n"
    add_program(checkout, CLIENTS, CLIENT + stubborn + STAY)
    program = start(*on_a_free_port("2"))
    pid = int(program.wait_for(r"stubborn (\d+)")[1])
    program.interrupt()
    assert program.wait(timeout=SOON) == 0
    assert not is_alive(pid)


def test_a_server_that_ends_at_once(start: Start, checkout: Path) -> None:
    """Its own words are shown, without our lines in its traceback, and no client is started."""
    add_program(checkout, SERVES, "def serve():\n    raise ValueError('no plan')\n\nserve()\n")
    text = said(start(*on_a_free_port("2")), code=1)
    assert "server │ ValueError: no plan" in text
    assert "The server has ended (exit code 1) before it listened" in text
    assert not [word for word in ("runpy", "inside.py", "connected") if word in text]


def test_a_syntax_error(start: Start, checkout: Path) -> None:
    """A file that is no Python is shown with its line, and without ours."""
    add_program(checkout, SERVES, "def serve(:\n    pass\n")
    text = said(start(*on_a_free_port("2", "server")), code=1)
    assert "SyntaxError" in text and "server.py" in text and "Traceback" not in text


def test_a_client_that_fails(start: Start, checkout: Path) -> None:
    """A program that fails beside others is named, and all end with 1."""
    add_program(checkout, CLIENTS, CLIENT + "raise SystemExit(7)\n")
    assert "The client has ended (exit code 7)." in said(start(*on_a_free_port("2")), code=1)


def test_its_own_exit_code(start: Start, checkout: Path) -> None:
    """A program alone passes its exit code on."""
    add_program(checkout, SERVES, "raise SystemExit(7)\n")
    assert start("2", "server", *on_a_free_port()).wait() == 7


def test_tests_by_pytest(start: Start, checkout: Path) -> None:
    """Step 13's tests are run by pytest, and its exit code is ours."""
    add_program(checkout, "starter/step13_testing/test_game.py", "def test_it():\n    assert 1 == 2\n")
    assert "1 failed" in said(start("13"), code=1)


def test_seconds(start: Start) -> None:
    """--seconds ends it by itself."""
    assert start(*on_a_free_port("2", "server"), "--seconds", "0.5").wait() == 0


def test_the_port_is_in_use(start: Start, checkout: Path, tmp_path: Path) -> None:
    """A port that was asked for and is taken is told, before anything is started."""
    port = str(free_port())
    with running(python(checkout / SERVES, "--port", port), tmp_path / "other") as other:
        other.wait_for("listening")
        assert f"Port {port} is in use" in said(start("2", "--port", port), code=2)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["2", "mining"], "This step has no program 'mining'; it has server, client."),
        (["2", "server", "client"], "one word too many"),
        (["1", "--clients", "2"], "no client"),
        (["99"], "There is no step '99'"),
        (["3"], "reset 3"),
    ],
)
def test_wrong_usage(start: Start, words: list[str], problem: str) -> None:
    """What cannot be started is exit code 2 and one message."""
    text = said(start(*words), code=2)
    assert problem in text and "Traceback" not in text


def test_the_current_step(start: Start, checkout: Path) -> None:
    """Without a number the current step runs: for a beginner, the first."""
    add_program(checkout, "starter/step00_ready/client.py", "print('hello from step 0')\n")
    assert said(start("client")) == "hello from step 0\n"


@pytest.mark.usefixtures("typed")
def test_the_usual_port_is_taken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The next free port is taken, with a note; for a server alone, with the command for a client of it."""
    monkeypatch.setattr("workshop.processes.running.ports.free_port", lambda wanted: wanted + 1)
    step = steps.find("2")
    assert run.usable_port(step, ["server", "client"], None) == 8766
    out, err = capsys.readouterr()
    assert "Port 8765 is in use" in err and out == ""
    assert run.usable_port(step, ["server"], None) == 8766
    assert "py -m workshop run 2 client --port 8766" in capsys.readouterr().out


def test_a_client_alone_goes_where_its_server_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is started alone keeps its own port, in use or not."""
    monkeypatch.setattr("workshop.processes.running.ports.free_port", lambda wanted: wanted + 1)
    step = steps.find("2")
    assert [run.usable_port(step, ["client"], port) for port in (None, 9000)] == [8765, 9000]


def test_the_starter_is_kept_before_it_is_edited(start: Start, checkout: Path, tmp_path: Path) -> None:
    """Any command after which somebody edits keeps the starter, so that `reset` has it."""
    assert start(*on_a_free_port("2")).wait() == 0
    kept = tmp_path / ".workshop" / "pristine" / "step02_echo" / "client.py"
    assert kept.read_text() == CLIENT
