"""Searching on loopback: what is found and what is ignored, changes as events, and problems in words."""

import asyncio
import errno
import logging
import random
import socket
from collections.abc import Iterator
from contextlib import closing
from ipaddress import IPv4Interface
from types import SimpleNamespace
from typing import Any
from unittest import mock

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.discovery import beacon, discovery, interfaces
from netlib.discovery.beacon import Room, RoomInfo, encode_answer, encode_probe, new_id
from netlib.discovery.discovery import (
    Browser,
    RoomChanged,
    RoomFound,
    RoomLost,
    changes,
    diagnose,
    find_rooms,
)
from netlib.testing import until
from tests.support.responders import NONCE, Responder, info
from tests.support.rooms import LOOPBACK

DEADLINE = 20.0  # seconds; far beyond what anything here takes
INTERVAL = 0.1  # seconds between two questions in these tests; a server answers one host every 0.25


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("", port))
        except OSError:
            return False
    return True


@pytest.fixture
def ports() -> list[int]:
    """Four free UDP ports, below those that systems hand out by themselves."""
    candidates = iter(random.sample(range(20_000, 32_000), 1000))
    return [next(port for port in candidates if is_free(port)) for _ in range(4)]


@pytest.fixture
def plain() -> Iterator[socket.socket]:
    """A bare UDP socket on loopback, which does not block."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((LOOPBACK, 0))
        sock.setblocking(False)
        yield sock


def responder(room_info: RoomInfo, ports: list[int]) -> Responder:
    return Responder(lambda: room_info, ports=ports, host=LOOPBACK)


def browser(ports: list[int]) -> Browser:
    return Browser(ports=ports, interfaces=[LOOPBACK], interval=INTERVAL)


def names(searcher: Browser) -> list[str]:
    return [found.name for found in searcher.rooms]


class TestOnLoopback:
    async def test_two_servers_on_one_machine(self, ports: list[int]) -> None:
        """They take two ports; one that stops disappears, and comes back when it starts again."""
        one, two = responder(info("One", port=1111), ports), responder(info("Two", port=2222), ports)
        async with two, browser(ports) as searcher:
            for _ in range(2):
                await one.start()
                await until(lambda: len(searcher.rooms) == 2)
                assert [r.url for r in searcher.rooms] == ["ws://127.0.0.1:1111", "ws://127.0.0.1:2222"]
                assert searcher.problem is None
                one.close()
                assert one.port is None
                await until(lambda: names(searcher) == ["Two"])

    async def test_find_rooms(self, ports: list[int]) -> None:
        """One call searches for the time given, and returns what answered."""
        async with responder(info("One"), ports), responder(info("Two"), ports):
            found = await find_rooms(1.0, ports=ports, interfaces=[LOOPBACK])
        assert [r.name for r in found] == ["One", "Two"]

    async def test_garbage(self, ports: list[int], plain: socket.socket) -> None:
        """Malformed, random, empty and oversized datagrams are counted, and the server still answers."""
        rng = random.Random(1)
        garbage = [b"", b"[" * 1000, b"x" * 60_000, encode_answer(info(), NONCE)]
        garbage += [rng.randbytes(rng.randrange(2000)) for _ in range(50)]
        async with responder(info(), ports) as server:
            for data in garbage:
                plain.sendto(data, (LOOPBACK, ports[0]))
            await until(lambda: server.ignored == len(garbage))
            async with browser(ports) as searcher:
                await until(lambda: names(searcher) == ["Gem Rush"])

    async def test_unasked_answers(self, ports: list[int], plain: socket.socket) -> None:
        """Answers that do not carry the searcher's own nonce are ignored and counted."""
        async with browser(ports) as searcher:
            assert searcher._datagrams is not None
            target = (LOOPBACK, searcher._datagrams.port)
            for forged in (encode_answer(info("forged"), NONCE), b"junk", b"y" * 60_000):
                plain.sendto(forged, target)
            await until(lambda: searcher.ignored == 3)
            assert not searcher.rooms

    async def test_fifth_server(self, ports: list[int], caplog: pytest.LogCaptureFixture) -> None:
        """A fifth server on one machine has no port, says so once, and is otherwise well."""
        servers = [responder(info(str(n)), ports) for n in range(5)]
        for server in servers:
            await server.start()
        assert [server.port for server in servers] == [*ports, None]
        assert "the typed address still works" in caplog.text
        for server in servers:
            server.close()

    async def test_port_is_not_shared(self, ports: list[int], plain: socket.socket) -> None:
        """A port that another program holds is passed over."""
        with closing(interfaces.answering_socket("0.0.0.0", ports[:1]) or plain):
            async with responder(info(), ports) as server:
                assert server.port == ports[1]

    async def test_flood(self, ports: list[int], plain: socket.socket) -> None:
        """A searcher that asks a hundred times at once gets a handful of answers."""
        async with responder(info(), ports) as server:
            for _ in range(100):
                plain.sendto(encode_probe(NONCE), (LOOPBACK, ports[0]))
            await until(lambda: server.limited + server.answered == 100)
            assert 1 <= server.answered <= 5

    async def test_info_that_fails(self, ports: list[int]) -> None:
        """A game that cannot describe itself for a moment is reported, and found afterwards."""
        reported: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
        broken = True

        def describe() -> RoomInfo:
            if broken:
                raise ZeroDivisionError
            return info()

        async with Responder(describe, ports=ports, host=LOOPBACK), browser(ports) as searcher:
            await until(lambda: reported)
            broken = False
            await until(lambda: searcher.rooms)

    async def test_refused_answer(
        self, ports: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """When the system refuses to send answers, the log says so once, and the server goes on."""
        caplog.set_level(logging.WARNING)
        monkeypatch.setattr(beacon, "encode_answer", lambda info, nonce: b"x" * 100_000)
        async with responder(info(), ports) as server, browser(ports):
            await until(lambda: server.failed >= 2)
        assert caplog.text.count("could not answer") == 1

    async def test_start_and_stop_again(self, ports: list[int]) -> None:
        """Starting twice, stopping twice and starting again are harmless, on both sides."""
        server, searcher = responder(info(), ports), browser(ports)
        for _ in range(2):
            for side in (server, server, searcher, searcher):
                await side.start()
            await until(lambda: searcher.rooms)
            assert server.port == ports[0]
            for stop in (server.close, server.close, searcher.stop, searcher.stop):
                stop()
            await until(lambda: not searcher.rooms)


class TestComingAndGoing:
    async def test_rooms_come_and_go(self, ports: list[int]) -> None:
        """A program that waits for changes is told of a room that opens, of its players, and of its end."""
        players, same = 1, new_id()
        server = Responder(lambda: info(players=players, id=same), ports=ports, host=LOOPBACK)
        async with asyncio.timeout(DEADLINE), browser(ports) as searcher:
            changes = aiter(searcher)
            await server.start()
            found = await anext(changes)
            assert (type(found), found.room.name, found.room.players) == (RoomFound, "Gem Rush", 1)
            players = 2
            changed = await anext(changes)
            assert (type(changed), changed.room.players) == (RoomChanged, 2)
            server.close()
            lost = await anext(changes)
            assert (type(lost), lost.room.id, searcher.rooms) == (RoomLost, same, [])
            await server.start()
            assert isinstance(await anext(changes), RoomFound)
            server.close()

    async def test_late_and_second_readers(self, ports: list[int]) -> None:
        """Each reader, whenever it comes, is first told of the rooms that are there."""
        async with asyncio.timeout(DEADLINE), responder(info("One"), ports), browser(ports) as searcher:
            early = aiter(searcher)
            await anext(early)
            async with responder(info("Two"), ports):
                await until(lambda: len(searcher.rooms) == 2)
                late = aiter(searcher)
                assert [(await anext(late)).room.name for _ in range(2)] == ["One", "Two"]
                assert (await anext(early)).room.name == "Two"

    async def test_it_ends_with_the_browser(self, ports: list[int]) -> None:
        """A loop over the changes ends when the browser is stopped, also when it starts anew at once."""
        searcher = browser(ports)
        assert [change async for change in searcher] == [], "it does not search"
        async with asyncio.timeout(DEADLINE), responder(info(), ports):
            await searcher.start()
            changes = aiter(searcher)
            assert isinstance(await anext(changes), RoomFound)
            reading = asyncio.ensure_future(anext(changes, None))
            await asyncio.sleep(0)
            searcher.stop()
            await searcher.start()
            assert await reading is None
            searcher.stop()


class TestProblem:
    async def test_firewall(self, ports: list[int]) -> None:
        """When every send is refused the browser says so at once, and takes it back when one goes through."""
        searcher = browser(ports)
        refused = PermissionError(errno.EPERM, "refused")
        with mock.patch.object(interfaces.Datagrams, "send", side_effect=refused):
            await searcher.start()
            assert searcher.problem == discovery.FIREWALL
        await until(lambda: searcher.problem is None)
        searcher.stop()

    async def test_no_interface(self, ports: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a network the browser says so and still looks on this machine; it notices Wi-Fi later."""
        faces: list[IPv4Interface] = []
        monkeypatch.setattr(interfaces, "scan", lambda: faces)
        monkeypatch.setattr(beacon, "is_loopback", lambda host: host == LOOPBACK)
        async with responder(info(), ports), Browser(ports=ports, interval=0.02) as searcher:
            assert searcher.problem == discovery.NO_NETWORK
            await until(lambda: searcher.rooms)
            faces.append(IPv4Interface("127.0.0.2/8"))
            await until(lambda: searcher.problem is None)

    @pytest.mark.parametrize(
        ("outcomes", "expect_lan", "problem"),
        [
            ({"10.0.0.255": None, LOOPBACK: None}, True, None),
            ({"10.0.0.255": OSError(errno.EACCES, ""), LOOPBACK: None}, True, discovery.FIREWALL),
            ({"10.0.0.255": OSError(errno.EPERM, ""), "10.1.0.255": None}, True, None),
            ({"10.0.0.255": OSError(errno.ENETUNREACH, "")}, True, "ENETUNREACH"),
            ({"10.0.0.255": OSError(errno.EHOSTUNREACH, "")}, True, "EHOSTUNREACH"),
            ({LOOPBACK: None}, True, discovery.NO_NETWORK),
            ({LOOPBACK: None}, False, None),
            ({LOOPBACK: OSError(errno.EPERM, "")}, False, discovery.FIREWALL),
            ({}, False, None),
        ],
    )
    def test_diagnosis(
        self, outcomes: dict[str, OSError | None], expect_lan: bool, problem: str | None
    ) -> None:
        """A problem is reported when nobody can have heard us, and only then."""
        found = diagnose(outcomes, expect_lan=expect_lan)
        assert found is problem is None or (problem or "-") in (found or "")

    def test_macos_privacy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On macOS "no route to host" on the own network means the Local Network permission."""
        monkeypatch.setattr(discovery, "sys", SimpleNamespace(platform="darwin"))
        assert diagnose({"10.0.0.255": OSError(errno.EHOSTUNREACH, "")}) == discovery.MACOS_PRIVACY


class TestWindows:
    """The branches for Windows, with the platform faked."""

    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(interfaces, "sys", SimpleNamespace(platform="win32"))
        monkeypatch.setattr(interfaces, "claim", lambda sock: None)

    async def test_found(self, ports: list[int]) -> None:
        """The reading task of Windows finds rooms, stops, and frees the port."""
        async with responder(info(), ports) as server, browser(ports) as searcher:
            assert server.port == ports[0]
            await until(lambda: searcher.rooms)
        await until(lambda: is_free(ports[0]))

    async def test_stopped_before_it_ran(self, ports: list[int]) -> None:
        """A socket that is closed before its task ever ran is closed all the same."""
        server = responder(info(), ports)
        await server.start()
        server.close()
        await until(lambda: is_free(ports[0]))

    async def test_connection_reset(self, ports: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
        """A read that fails because a datagram met a closed port, or for another reason, is tried again."""
        errors = [ConnectionResetError(10054, "reset"), OSError(1234, "unreachable"), ConnectionResetError()]
        loop = asyncio.get_running_loop()
        read = loop.sock_recvfrom

        async def failing(sock: socket.socket, size: int) -> Any:
            if errors:
                raise errors.pop()
            return await read(sock, size)

        monkeypatch.setattr(loop, "sock_recvfrom", failing)
        async with responder(info(), ports), browser(ports) as searcher:
            await until(lambda: searcher.rooms)
        assert errors == []


IDS = st.sampled_from("abcdef")


def room(id: str, players: int = 0, last_seen: float = 0.0) -> Room:
    about = msgspec.structs.asdict(info(id.upper(), id=id, players=players))
    return Room(**about, host="10.0.0.5", last_seen=last_seen)


ROOMS = st.dictionaries(IDS, st.integers(0, 2)).map(
    lambda players: [room(id, number) for id, number in players.items()]
)


@given(ROOMS, ROOMS)
def test_the_changes_lead_from_the_one_to_the_other(before: list[Room], after: list[Room]) -> None:
    """A program that knew the rooms and follows the events still knows them; nothing is told twice."""
    known = {room.id: room for room in before}
    for event in changes(before, after):
        match event:
            case RoomFound(found):
                assert found.id not in known
                known[found.id] = found
            case RoomChanged(changed):
                assert known[changed.id] != changed
                known[changed.id] = changed
            case RoomLost(lost):
                assert known.pop(lost.id) == lost
    assert known == {room.id: room for room in after}


def test_being_heard_again_is_no_change() -> None:
    """A room that only answers once more tells nothing new."""
    assert changes([room("a", last_seen=1.0)], [room("a", last_seen=2.0)]) == []


def test_what_is_gone_comes_first() -> None:
    """A list on the screen never shows more rooms than there are."""
    assert changes([room("a")], [room("b")]) == [RoomLost(room("a")), RoomFound(room("b"))]
