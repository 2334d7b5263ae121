"""What a host's terminal tells of a room: how to join it, who is away, and what was refused."""

import re

import pytest

import netlib
from netlib.protocol.frames import PORT
from tests.support import rooms
from tests.support.commands import TYPED
from tests.support.processes import wait_until_async
from workshop.instructor.board import narrator
from workshop.instructor.board.narrator import Narrator
from workshop.terminal.printer import Printer

pytestmark = pytest.mark.usefixtures("typed")


async def test_the_short_way_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that can be found needs no address, and the usual port needs no number."""
    monkeypatch.setattr(narrator, "lan_addresses", lambda: ["10.0.0.5"])
    async with rooms.a_room("Lab", discoverable=True, discovery_ports=[0]) as room:
        room.port = PORT
        assert told(room)[1:3] == [f"    {TYPED} join", f"    {TYPED} join 10.0.0.5"]
    async with rooms.a_room("Lab") as hidden:
        assert told(hidden)[1:2] == [f"    {TYPED} join 10.0.0.5:{hidden.port}"]


class Lines(Printer):
    """Keeps what it should print."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said += text.splitlines()


def told(room: netlib.Server) -> list[str]:
    """What is told when that room opens."""
    lines = Lines()
    Narrator(room, lines, "plum").open()
    return lines.said


async def test_both_pages_are_told() -> None:
    """The host reads where the board is, and where the desk."""
    async with rooms.a_room("Lab") as room:
        lines = told(room)
    place = f"http://{rooms.LOOPBACK}:{room.port}/"
    assert f"Board, for the projector: {place}" in lines
    assert f"Desk, for your own screen: {place}desk" in lines


async def test_the_status_is_told_when_it_changes() -> None:
    """Ticks and refusals are one line, which is not repeated as long as nothing changes."""
    room, lines = rooms.a_room("Lab"), Lines()
    teller = Narrator(room, lines, "plum")
    for _ in range(3):
        teller.status()
    room.metrics.refused.update(["too_fast", "bad_message", "too_fast"])
    room.metrics.ticks_skipped = 7
    teller.status()
    assert [line.split("  ", 1)[1] for line in lines.said] == [
        "0 of 32 players; no tick skipped; refused: nothing",
        "0 of 32 players; 7 ticks skipped; refused: 1 bad_message, 2 too_fast",
    ]


async def test_players_away_are_told() -> None:
    """The terminal tells who has lost the connection, how many are away, and who is back."""
    room, lines = rooms.a_room("Lab"), Lines()
    Narrator(room, lines, "plum")
    async with room, netlib.connect(rooms.url(room), name="Ada"):
        rooms.connection_of(room.players[0]).abort()
        await wait_until_async(lambda: room.metrics.resumed, "Ada is back")
    said = [line.split("  ", 1)[1] for line in lines.said[1:3]]
    assert said[0] == "Ada lost the connection; the place is kept for 30 s; 1 of 32 players (1 away)"
    assert re.fullmatch(r"Ada is back from 127\.0\.0\.1:\d+; 1 of 32 players", said[1])
