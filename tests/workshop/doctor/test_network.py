"""What the doctor says about this machine's network with itself."""

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.commands import free_port
from tests.support.rooms import a_room
from workshop.doctor import network_probe
from workshop.doctor.finding import Finding
from workshop.doctor.lan import probe
from workshop.doctor.network_judge import (
    LoopbackSeen,
    NameSeen,
    PortSeen,
    judge_loopback,
    judge_name,
    judge_port,
    judge_search_ports,
)


def port(**seen: Any) -> Finding:
    """What is said about port 8765."""
    (finding,) = judge_port(PortSeen(seen.pop("platform", "linux"), 8765, **seen))
    return finding


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Give a socket that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


async def test_a_websocket_here() -> None:
    """A real WebSocket goes there and back on this machine."""
    seen = await network_probe.look_at_loopback()
    assert seen.error == ""
    assert seen.rtt is not None
    assert 0 < seen.rtt < 1


async def test_a_websocket_that_cannot_be(listener: socket.socket) -> None:
    """What is in the way is told."""
    seen = await network_probe.look_at_loopback(listener.getsockname()[1])
    assert seen.rtt is None
    assert "in use" in seen.error


async def test_a_websocket_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where connections vanish, the doctor gives up after a time."""

    async def never(port: int) -> float:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(network_probe, "WEBSOCKET_SECONDS", 0.05)
    monkeypatch.setattr(network_probe, "_shortest_echo", never)
    assert "nothing came back" in (await network_probe.look_at_loopback()).error


@pytest.mark.parametrize(
    ("seen", "level"),
    [(LoopbackSeen(0.001), "ok"), (LoopbackSeen(0.5), "warning"), (LoopbackSeen(None, "refused"), "error")],
)
def test_loopback(seen: LoopbackSeen, level: str) -> None:
    """Fast is fine, slow is a warning, nothing is an error; what is not fine says what to do."""
    (finding,) = judge_loopback(seen)
    assert finding.level == level
    assert bool(finding.todo) == (level != "ok")


@pytest.mark.parametrize(
    ("addresses", "level"),
    [
        (["127.0.0.1"], "ok"),
        (["::1", "127.0.0.1"], "ok"),
        (["127.0.0.1", "93.184.216.34"], "error"),
        ([], "error"),
    ],
)
def test_localhost(addresses: list[str], level: str) -> None:
    """localhost must be this machine, and nothing else."""
    (finding,) = judge_name(NameSeen("linux", addresses, "unknown"))
    assert finding.level == level
    assert ("/etc/hosts" in finding.todo) == (level == "error")


def test_where_localhost_is_mended_on_windows() -> None:
    """Windows keeps the file of names elsewhere."""
    (finding,) = judge_name(NameSeen("win32", [], "unknown"))
    assert r"drivers\etc\hosts" in finding.todo


def test_asking_for_localhost() -> None:
    """Each address is told once; a name that is not known is told with the reason."""

    def resolve(*_: object, **__: object) -> list[Any]:
        return [
            (0, 0, 0, "", ("127.0.0.1", 0)),
            (0, 1, 0, "", ("127.0.0.1", 0)),
            (0, 0, 0, "", ("::1", 0, 0, 0)),
        ]

    def fail(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    assert network_probe.look_at_name(resolve).addresses == ["127.0.0.1", "::1"]
    assert network_probe.look_at_name(fail).error == "Name or service not known"


def test_a_free_port() -> None:
    """A port that nobody has is free, and that is fine."""
    assert network_probe.look_at_port(free_port()).error == ""
    assert port().level == "ok"


async def test_a_room_has_the_port() -> None:
    """A room of the workshop is recognised by what it says of itself, and is fine."""
    async with a_room("Room 5") as server:
        seen = await asyncio.to_thread(network_probe.look_at_port, server.port)
    assert seen.room == "Room 5"
    assert port(error="somebody listens there", room="Room 5").level == "ok"


def test_another_program_has_the_port(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who says nothing is another program, which is named: a warning, since nothing must be done."""
    monkeypatch.setattr(probe, "PAGE_SECONDS", 0.1)
    seen = network_probe.look_at_port(listener.getsockname()[1])
    assert (seen.room, seen.reserved) == ("", False)
    assert seen.error
    finding = port(error="x", owner="node (process 7)")
    assert finding.level == "warning"
    assert "node (process 7)" in finding.text
    assert "another program" in port(error="x").text


def test_a_web_server_has_the_port() -> None:
    """A page that is no room's is no room, whatever it answers."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"name": 5}')

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = network_probe.look_at_port(server.server_port)
        server.shutdown()
    assert seen.error
    assert seen.room == ""


def test_a_reserved_port() -> None:
    """A port that Windows keeps for itself is a warning that says how to see the list."""
    finding = port(platform="win32", error="forbidden", reserved=True)
    assert finding.level == "warning"
    assert "excludedportrange" in finding.todo
    assert "Hyper-V" not in port(error="forbidden", reserved=True).todo


@pytest.mark.parametrize(
    ("taken", "level"), [([], "ok"), ([1], "ok"), ([1, 2, 3], "ok"), ([1, 2, 3, 4], "warning")]
)
def test_search_ports(taken: list[int], level: str) -> None:
    """One free port is enough to be found."""
    (finding,) = judge_search_ports([1, 2, 3, 4], taken)
    assert finding.level == level


def test_taken_search_ports() -> None:
    """A UDP port that somebody has is seen."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))
        number = taken.getsockname()[1]
        assert network_probe.is_taken(number)
    assert not network_probe.is_taken(number)
