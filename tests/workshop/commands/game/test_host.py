"""`workshop host`: what it tells, that it never waits for its terminal, and how it ends."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import netlib
from netlib.discovery.discovery import PORTS
from netlib.discovery.interfaces import lan_addresses
from tests.support import rooms, wire
from tests.support.commands import HEADLESS, LOOPBACK, OPEN, SOON, TYPED, address, free_port, workshop
from tests.support.processes import ROOT, TIMEOUT, Program, python, running, wait_until_async
from workshop.bundle.folder import RECORD

# What a host says where other programs have all the ports of the search; nothing that we test.
UNFOUND = (
    f"searchers cannot find this room: none of the UDP ports {', '.join(map(str, PORTS))} is free; "
    "the typed address still works"
)
pytestmark = pytest.mark.usefixtures("typed")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other pipes and signals")


@contextlib.contextmanager
def hosting(log: Path, *words: str) -> Iterator[Program]:
    """A room on a free port, with a line about how it does five times a second."""
    arguments = ["host", "--port", "0", *words]
    source = (
        "import sys; from workshop import cli; from workshop.commands.game import host;"
        f"host.STATUS_SECONDS = 0.2; sys.argv[1:] = {arguments!r}; cli.main()"
    )
    with running(python("-c", source), log, environ=HEADLESS) as program:
        program.wait_for("Ctrl-C closes the room")
        yield program


def complaints(errors: str) -> list[str]:
    """What a host has said on standard error, wherever it ran."""
    return [line for line in errors.splitlines() if line != UNFOUND]


def test_how_to_join(tmp_path: Path) -> None:
    """The room's name, port and password, and what others can type: the likeliest address of this machine."""
    with hosting(tmp_path / "log", "--name", "Our [room]", "--host-password", "plum") as program:
        program.wait_for(r"^Host password, .*: plum$")
        port = program.wait_for(rf'^"Our \[room\]" {OPEN}\. To join, on this network:$')[1]
        here = next(iter(lan_addresses()), "localhost")
        program.wait_for(rf"^    {TYPED} join {re.escape(here)}:{port}$")


async def test_another_address(tmp_path: Path) -> None:
    """--address is what the terminal and the board tell, also one that this machine itself does not have."""
    with hosting(tmp_path / "log", "--address", "room.example") as program:
        port = program.wait_for(rf"^    {TYPED} join room\.example:(\d+)$")[1]
        program.wait_for("this machine itself does not have it")
        told = await rooms.request(int(port), "GET /room.json HTTP/1.1\r\nHost: x\r\n\r\n")
        assert f"http://room.example:{port}/play".encode() in told


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("10.0.0.5:9000", "the port is --port")]
    + [(typed, "is not an address; try 192.168.1.5") for typed in ("no address", "10.0.0.256", "[")]
    + [(typed, "of no single machine") for typed in ("0.0.0.0", "::", "224.0.0.1", "255.255.255.255")],
)
async def test_what_is_no_address(typed: str, problem: str) -> None:
    """It is refused with what to type instead."""
    ended = await workshop("host", "--port", "0", "--address", typed)
    assert ended.code == 2 and problem in ended.err


async def test_players_that_come_and_go_and_what_was_refused(tmp_path: Path) -> None:
    """The terminal tells which players joined from where, who left, and what had to be refused."""
    with hosting(tmp_path / "log") as program:
        url = address(program)
        async with wire.joined(url, "Ada") as ada, wire.joined(url, "Eve", spectator=True):
            await ada.say("this is not JSON")
            await wait_until_async(lambda: "; 1 refused" in program.text(), "the refusal is told")
        await wait_until_async(lambda: "Ada left" in program.text(), "leaving is told")
    assert "Eve" not in program.text()
    program.wait_for(r"^[\d:]{8}  Ada joined from 127\.0\.0\.1:\d+; 1 of 32 players$")
    program.wait_for(r"^[\d:]{8}  Ada left; 0 of 32 players$")


async def test_the_host_password_commands_the_room(tmp_path: Path) -> None:
    """It is made up when none is given, and printed; only a player with it may pause."""
    with hosting(tmp_path / "log") as program:
        password = program.wait_for(r"^Host password, .*: (\S{8})$")[1]
        async with netlib.connect(address(program), name="Teacher") as teacher:
            with pytest.raises(netlib.RequestFailed):
                await teacher.request(netlib.Command("pause"))
            await teacher.request(netlib.Command("host", password=password))
            await teacher.request(netlib.Command("pause"))
            await wait_until_async(lambda: teacher.room_state.paused, "the pause")


@posix
async def test_ctrl_c_says_goodbye(tmp_path: Path) -> None:
    """Ctrl-C with players in the room: each is told (code 1001), then it ends with 0 and leaves nothing."""
    with hosting(tmp_path / "log") as program:
        async with wire.joined(address(program), "Ada") as ada, wire.joined(address(program), "Bob") as bob:
            program.interrupt()
            assert await ada.ended() == await bob.ended() == (1001, "the server shuts down")
            assert await asyncio.to_thread(program.wait, timeout=SOON) == 0
        assert not program.left_behind()
    assert "Traceback" not in program.text()
    assert program.text().splitlines()[-1] == "The room is closed."


async def test_it_ends_by_itself() -> None:
    """--seconds closes the room as Ctrl-C does."""
    ended = await workshop("host", "--port", "0", "--seconds", "0.3")
    assert (ended.code, complaints(ended.err)) == (0, [])
    assert ended.out.endswith("The room is closed.\n")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31mred", "\udcff"])
async def test_a_name_that_cannot_be_shown(name: str) -> None:
    """A room must have a name that others can read, and that fits on the wire."""
    ended = await workshop("host", "--port", "0", "--name", name)
    assert ended.code == 2
    assert ended.err.splitlines() == [
        "✗ error  Invalid value for '--name': choose a name that can be shown.",
        f"See {TYPED} host --help",
    ]


async def test_a_taken_port() -> None:
    """A port that is in use is one sentence with what to do."""
    async with rooms.a_room() as taken:
        sentence = (await workshop("host", "--port", str(taken.port))).sentence
    assert sentence.startswith(f"port {taken.port} is in use")
    assert sentence.endswith("choose another port with --port")


def full_pipe() -> tuple[int, int]:
    """Return the two ends of a pipe into which nothing more goes: a writer waits."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    for size in (4096, 1):
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(writing, b"x" * size)
    os.set_blocking(writing, True)
    return reading, writing


async def tick(port: int) -> int:
    """The number of the room's newest tick, once it is open."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            with contextlib.suppress(OSError):
                told = await rooms.request(port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                if found := re.search(rb'"tick":\s*(\d+)', told):
                    return int(found[1])
            await asyncio.sleep(0.02)


@contextlib.contextmanager
def hosting_into(
    output: int, errors: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Give a room whose terminal is that file, and its port."""
    port = free_port()
    command, environ = python("-m", "workshop", "host", "--port", str(port)), {**os.environ, **HEADLESS}
    process = subprocess.Popen(command, stdout=output, stderr=errors, env=environ, cwd=ROOT)
    os.close(output)
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


@posix
async def test_nobody_reads_the_terminal() -> None:
    """A terminal that takes nothing (somebody selects text in it) stops neither the room nor Ctrl-C."""
    reading, writing = full_pipe()
    with hosting_into(writing) as (process, port):
        begun = await tick(port)
        for name in ("Ada", "Bob", "Eve"):
            async with wire.joined(f"ws://{LOOPBACK}:{port}", name) as player:
                await player.playing()
                await player.step(1, 0)
        assert await tick(port) > begun
        process.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(process.wait, SOON) == 0
    os.close(reading)


@posix
async def test_the_terminal_goes_away(tmp_path: Path) -> None:
    """When the reader of the output has ended, the room goes on."""
    reading, writing = os.pipe()
    file = (tmp_path / "errors").open("wb")
    with file as errors, hosting_into(writing, errors.fileno()) as (process, port):
        await tick(port)
        os.close(reading)
        for name in ("Ada", "Bob"):
            async with wire.joined(f"ws://{LOOPBACK}:{port}", name) as player:
                await player.playing()
        assert process.poll() is None
        process.terminate()
        assert await asyncio.to_thread(process.wait, SOON) == 0
    assert complaints((tmp_path / "errors").read_text(encoding="utf-8")) == []


def test_the_report_of_a_class(tmp_path: Path) -> None:
    """`--export` needs the file of a class; without one it says so, and opens no room."""
    report = str(tmp_path / "report.csv")
    without = asyncio.run(workshop("host", "--export", report))
    assert without.code == 2 and "--export needs --class FILE" in without.err
    nothing = asyncio.run(workshop("host", "--class", str(tmp_path / "no.db"), "--export", report))
    assert "There is no class file" in nothing.sentence
    assert not list(tmp_path.iterdir())


async def command(url: str, password: str) -> None:
    """Pause a room as its host."""
    async with netlib.connect(url, name="Teacher") as teacher:
        await teacher.request(netlib.Command("host", password=password))
        await teacher.request(netlib.Command("pause"))


def test_a_class_outlasts_its_host(tmp_path: Path) -> None:
    """With `--class` a room that was closed and opened again knows the class, and its host's password."""
    kept = tmp_path / "class.db"
    membership = {"WORKSHOP_PROGRESS": str(tmp_path / "progress.json")}
    with hosting(tmp_path / "first.log", "--class", str(kept)) as room:
        port = room.wait_for(OPEN)[1]
        password = room.wait_for(r"^Host password, .*: (\S{8})$")[1]
        words = ("class", "join", "Ada", "--host", f"127.0.0.1:{port}")
        joined = asyncio.run(workshop(*words, environ=membership))
        assert joined.code == 0, joined
        room.interrupt()
        assert room.wait() == 0
    report = tmp_path / "report.csv"
    with hosting(tmp_path / "second.log", "--class", str(kept)) as room:
        room.wait_for(OPEN)
        exported = asyncio.run(workshop("host", "--class", str(kept), "--export", str(report)))
        assert exported.code == 0, exported
        room.wait_for("^Host password, .*: the one from this class's first start")
        asyncio.run(command(address(room), password))
        room.interrupt()
    assert report.read_text(encoding="utf-8-sig").startswith("nickname,step,seconds")


def test_a_bundle_is_served_beside_the_room(tmp_path: Path) -> None:
    """With `--bundle` a process of its own serves the folder; the room says where, and takes it along."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / RECORD).write_text("{}", encoding="utf-8")
    (bundle / "index.html").write_text("Start here", encoding="utf-8")
    with hosting(tmp_path / "log", "--bundle", str(bundle)) as room:
        port = int(room.wait_for(r"^For laptops without internet: http://[^:]+:(\d+)/")[1])
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/", timeout=SOON) as page:
            assert page.read() == b"Start here"
        room.interrupt()
        assert room.wait() == 0
    with pytest.raises(OSError), socket.create_connection((LOOPBACK, port), timeout=SOON):
        pass


async def test_what_is_no_bundle(tmp_path: Path) -> None:
    """A folder that is no bundle opens no room: the message says how to make one."""
    ended = await workshop("host", "--port", "0", "--bundle", str(tmp_path))
    assert ended.code == 2 and "is no bundle; make one" in ended.err
