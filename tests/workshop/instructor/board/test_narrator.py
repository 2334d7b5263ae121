"""What a host's terminal tells of a room: how to join it, who is away, and what was refused."""

import re
from ipaddress import IPv4Interface

import pytest

import netlib
from netlib.discovery.interfaces import Face
from netlib.protocol.frames import PORT
from tests.support import rooms
from tests.support.classes import a_class, a_member, join
from tests.support.commands import TYPED
from tests.support.processes import wait_until_async
from workshop.instructor.board import addresses
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.narrator import Narrator
from workshop.instructor.classroom import messenger
from workshop.instructor.classroom.host_memory import HostData, HostMemory
from workshop.instructor.classroom.messages import ClassJoin
from workshop.terminal.printer import Printer
from workshop.terminal.status_line import StatusPrinter

pytestmark = pytest.mark.usefixtures("typed")
LAN = Face("wlan0", IPv4Interface("10.0.0.5/24"), "lan")
VPN = Face("tun0", IPv4Interface("10.8.0.2/24"), "tunnel")


async def test_the_short_way_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that can be found needs no address, and the usual port needs no number."""
    monkeypatch.setattr(addresses, "faces", lambda: [LAN, VPN])
    async with rooms.a_room("Lab", host=None, discoverable=True, discovery_ports=[0]) as room:
        room.port = PORT
        assert told(room)[1:3] == [f"    {TYPED} join", f"    {TYPED} join 10.0.0.5"]
    async with rooms.a_room("Lab", host=None) as hidden:
        assert told(hidden)[1:2] == [f"    {TYPED} join 10.0.0.5:{hidden.port}"]


async def test_which_address_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host learns what the address belongs to, which others there are, and how to show another one."""
    monkeypatch.setattr(addresses, "faces", lambda: [LAN, VPN])
    async with rooms.a_room("Lab", host=None) as room:
        lines = told(room)
        assert lines[2:4] == [
            "That address: wlan0, this network.",
            "This machine also has 10.8.0.2 (tun0, a VPN).",
        ]
        assert lines[4].endswith(f"{TYPED} host --address 10.8.0.2")
        chosen = told(room, Addresses(room, "room.example"))
        assert f"join room.example:{room.port}" in chosen[1] and "does not have it" in chosen[2]


async def test_a_network_with_ipv6_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its address is shown, but not one that is of a single cable."""
    monkeypatch.setattr(addresses, "faces", list)
    monkeypatch.setattr(addresses, "ipv6", lambda: ["fd00:1::5", "fe80::1"])
    async with rooms.a_room("Lab", host=None) as room:
        assert told(room)[1:3] == [f"    {TYPED} join [fd00:1::5]:{room.port}", "That address: IPv6."]


async def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host learns that nobody else can join, and is not told of a choice that nobody made."""
    monkeypatch.setattr(addresses, "faces", list)
    monkeypatch.setattr(addresses, "ipv6", lambda: ["fe80::1"])
    async with rooms.a_room("Lab", host=None) as room:
        assert told(room)[1:3] == [
            f"    {TYPED} join localhost:{room.port}",
            "That address: only this machine reaches it.",
        ]


async def test_a_password_that_only_its_hash_is_known_of() -> None:
    """A later run of the same class cannot show the password, and says so."""
    room, lines, host = rooms.a_room("Lab"), Lines(), HostMemory()
    before = HostMemory("plum")
    before.open(HostData())
    host.open(before.data)
    Narrator(room, lines, host, Addresses(room)).open()
    assert "plum" not in "".join(lines.said)
    assert any("--host-password NEW sets another" in line for line in lines.said)


class Lines(Printer):
    """Keeps what it should print."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said += text.splitlines()


class LiveLines(StatusPrinter):
    """Keeps what a terminal should print, and its status line."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.shown = ""

    def say(self, text: str) -> None:
        self.said += text.splitlines()

    def show(self, status: str) -> None:
        self.shown = status


def told(room: netlib.Server, where: Addresses | None = None) -> list[str]:
    """What is told when that room opens."""
    lines = Lines()
    Narrator(room, lines, HostMemory("plum"), where or Addresses(room)).open()
    return lines.said


async def test_both_pages_are_told() -> None:
    """The host reads where the board is, and where the desk."""
    async with rooms.a_room("Lab") as room:
        lines = told(room)
    place = f"http://{rooms.LOOPBACK}:{room.port}/"
    assert f"Board, for the projector: {place}" in lines
    assert f"Desk, for your own screen: {place}desk" in lines


async def test_a_terminal_stays_quiet() -> None:
    """One line tells how many are here; nobody who comes or goes is told, a claim for a place is, once."""
    lines = LiveLines()
    async with a_class() as (room, registrar):
        teller = Narrator(room, lines, registrar.host, Addresses(room))
        teller.room_class, teller.has_keys = registrar, True
        async with netlib.connect(rooms.url(room), name="Zoe"):
            await join(a_member(room))
            async with messenger.at_desk(a_member(room)) as other:
                await other.request(ClassJoin("Ada", "another laptop".ljust(22)))
                teller.status()
                teller.status()
    assert re.fullmatch(r"1 of 32 players; class: 1; .*; a: how to join", lines.shown)
    assert len(lines.said) == 1 and "Ada wants to go on in the class from another laptop" in lines.said[0]


async def test_the_status_is_told_when_it_changes() -> None:
    """How it goes is one line, which is not repeated as long as nothing changes."""
    room, lines = rooms.a_room("Lab"), Lines()
    teller = Narrator(room, lines, HostMemory("plum"), Addresses(room))
    for _ in range(3):
        teller.status()
    room.metrics.refused.update(["too_fast", "bad_message", "too_fast"])
    room.metrics.ticks_skipped = 70
    teller.status()
    assert [line.split("  ", 1)[1] for line in lines.said] == [
        "0 of 32 players; all is well",
        "0 of 32 players; this machine was too slow for 2 s; 3 refused",
    ]


async def test_players_away_are_told() -> None:
    """The terminal tells who has lost the connection, how many are away, and who is back."""
    room, lines = rooms.a_room("Lab"), Lines()
    Narrator(room, lines, HostMemory("plum"), Addresses(room))
    async with room, netlib.connect(rooms.url(room), name="Ada"):
        rooms.connection_of(room.players[0]).abort()
        await wait_until_async(lambda: room.metrics.resumed, "Ada is back")
    said = [line.split("  ", 1)[1] for line in lines.said[1:3]]
    assert said[0] == "Ada lost the connection; the place is kept for 30 s; 1 of 32 players (1 away)"
    assert re.fullmatch(r"Ada is back from 127\.0\.0\.1:\d+; 1 of 32 players", said[1])
