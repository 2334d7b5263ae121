"""Discovery: what goes over UDP, who gets an answer, and searching on loopback."""

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

import ifaddr
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.discovery import beacon, discovery, interfaces
from netlib.discovery.beacon import (
    ANSWER_BYTES,
    COUNT_MAX,
    DATAGRAM_BYTES,
    PROBE_BYTES,
    Address,
    Pacer,
    Room,
    RoomInfo,
    Sightings,
    decode_answer,
    decode_probe,
    encode_answer,
    encode_probe,
    new_id,
)
from netlib.discovery.discovery import (
    Browser,
    RoomChanged,
    RoomFound,
    RoomLost,
    diagnose,
    find_rooms,
)
from netlib.testing import until
from tests.support.responders import Responder

LOOPBACK = "127.0.0.1"
NONCE = "0123456789abcdef"
DEADLINE = 20.0  # seconds; far beyond what anything here takes
INTERVAL = 0.1  # seconds between two questions in these tests; a server answers one host every 0.25


def info(name: str = "Gem Rush", **changes: Any) -> RoomInfo:
    fields = {"players": 3, "max_players": 32, "port": 8765, "protocol": 1, **changes}
    return RoomInfo(**{"id": new_id(), "name": name, **fields})


def room(name: str = "Gem Rush", host: str = "10.0.0.5", last_seen: float = 0.0, **changes: Any) -> Room:
    return Room(**msgspec.structs.asdict(info(name, **changes)), host=host, last_seen=last_seen)


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


def heard(answer: bytes, nonce: str = NONCE) -> Room:
    found = decode_answer(answer, "10.0.0.5", nonce)
    assert found is not None
    return found


class TestDatagrams:
    def test_round_trip(self) -> None:
        """What a server says about itself arrives whole, with the address it came from."""
        said = info("Größe ✓", password=True)
        found = decode_answer(encode_answer(said, NONCE), "10.0.0.5", NONCE, now=7.0)
        assert found == Room(**msgspec.structs.asdict(said), host="10.0.0.5", last_seen=7.0)
        assert (found.address, found.url) == ("10.0.0.5:8765", "ws://10.0.0.5:8765")

    @given(st.text("0123456789abcdefXYZ", min_size=8, max_size=32))
    def test_probe_round_trip(self, nonce: str) -> None:
        """Every probe has the same size and carries its nonce."""
        probe = encode_probe(nonce)
        assert (len(probe), decode_probe(probe)) == (PROBE_BYTES, nonce)

    @given(
        name=st.text(st.characters(), max_size=300) | st.text('"\\\x00\x1b\u2028', max_size=300),
        number=st.integers(),
        nonce=st.text("az09", min_size=8, max_size=32),
    )
    def test_answer_at_most_twice_its_probe(self, name: str, number: int, nonce: str) -> None:
        """No room, whatever its name and numbers, makes an answer that is larger than twice its probe."""
        boast = info(name, id=name, players=number, max_players=number, port=number, protocol=number)
        answer = encode_answer(boast, nonce)
        assert len(answer) <= ANSWER_BYTES == 2 * len(encode_probe(nonce))
        if number >= 1:
            found = heard(answer, nonce)
            assert found.name.isprintable()
            assert found.port == min(number, COUNT_MAX)

    @given(st.binary(max_size=2 * DATAGRAM_BYTES))
    def test_any_bytes(self, data: bytes) -> None:
        """Bytes of any kind are no probe and no answer, and raise nothing."""
        assert decode_probe(data) is None
        assert decode_answer(data, "10.0.0.5", NONCE) is None

    @pytest.mark.parametrize(
        "data",
        [
            b"[" * 1000,  # nested deeper than the stack
            b'{"netlib":"probe","x":' + b"[" * 900,  # nested in an unknown field
            b'{"netlib":"probe","nonce":"0123456789abcdef"}',  # too short to deserve an answer
            encode_probe(NONCE).ljust(DATAGRAM_BYTES + 1),  # too large
            encode_probe(NONCE).replace(b"probe", b"brobe"),  # another magic word
            encode_probe(NONCE).replace(b"01", b'\\"'),  # a nonce that grows when escaped
            b"\xff" * PROBE_BYTES,  # not UTF-8
        ],
    )
    def test_malformed_probe(self, data: bytes) -> None:
        """What is nearly a probe is none."""
        assert decode_probe(data) is None

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b'"port":8765', b'"port":0'),
            (b'"port":8765', b'"port":70000'),
            (b'"port":8765', b'"port":"8765"'),
            (b'"players":3', b'"players":-1'),
            (b'"players":3', b'"players":1e999'),
            (b'"players":3,', b""),
            (b'"answer"', b'"probe"'),
            (NONCE.encode(), b"another0nonce"),
        ],
    )
    def test_malformed_answer(self, old: bytes, new: bytes) -> None:
        """An answer with a field missing, of a wrong type or out of range, or for somebody else, is none."""
        answer = encode_answer(info(), NONCE)
        assert heard(answer)
        assert decode_answer(answer.replace(old, new), "10.0.0.5", NONCE) is None

    def test_terminal_escapes_in_a_name(self) -> None:
        """A foreign server's name cannot move the cursor of the terminal that lists it."""
        answer = encode_answer(info("PLAIN"), NONCE).replace(b"PLAIN", rb"\u001b[2J\u202eA\r\nB\ud83d")
        assert decode_answer(answer, "10.0.0.5", NONCE) is None  # half a surrogate pair is no text
        assert heard(answer.replace(rb"\ud83d", b"")).name == "[2JA B"

    def test_nameless_room(self) -> None:
        """A room without a name is listed under its address."""
        assert heard(encode_answer(info(" \n"), NONCE)).name == "10.0.0.5"

    def test_newer_answer(self) -> None:
        """A field that a later version adds does not hide its rooms."""
        assert heard(encode_answer(info(), NONCE).replace(b'"players"', b'"map":"x","players"'))


class TestPacer:
    def test_thirty_at_once(self) -> None:
        """Thirty searchers who ask in step hear in about a second, and again before a room would expire."""
        pacer = Pacer()
        last: dict[Address, float] = {}
        waits: list[float] = []
        for turn in range(20 * 20):
            now = turn / 20
            if turn % 20 == 0:
                for n in range(30):
                    pacer.ask((f"10.0.0.{n}", 5000), NONCE)
            for searcher, _ in pacer.due(now):
                waits.append(now - last.get(searcher, 0.0))
                last[searcher] = now
        assert len(last) == 30
        assert max(waits[:30]) < 1.0 + 2 * discovery.ANSWER_TURN
        assert max(waits) < discovery.EXPIRY_INTERVALS / 2

    @given(st.integers(0, 2**32))
    def test_rate_limit(self, seed: int) -> None:
        """However many ask from wherever, all answers together and those to one host keep their limits."""
        rng, pacer, sent = random.Random(seed), Pacer(), list[Address]()
        for turn in range(100):
            for _ in range(rng.randrange(20)):
                pacer.ask((f"10.0.0.{rng.randrange(12)}", rng.randrange(9)), NONCE)
            sent += [searcher for searcher, _ in pacer.due(turn * 0.05)]
        assert len(sent) <= beacon.ANSWER_BURST + 5.0 * beacon.ANSWERS_PER_SECOND
        hosts = [host for host, _ in sent]
        assert all(hosts.count(host) <= 1 + 5.0 / beacon.HOST_SPACING for host in hosts)

    def test_flood_from_forged_addresses(self) -> None:
        """Nobody makes the line grow without bound, and one host cannot fill it."""
        pacer = Pacer()
        assert sum(pacer.ask(("10.0.0.1", port), NONCE) for port in range(100)) == beacon.WAITING_PER_HOST
        for n in range(1000):
            pacer.ask((f"10.{n % 250}.{n // 250}.9", 5000), NONCE)
        assert len(pacer.waiting) == beacon.WAITING_MAX

    def test_newest_nonce(self) -> None:
        """A searcher that asks again in line keeps its place, and is answered for its newest question."""
        pacer = Pacer()
        assert pacer.ask(("10.0.0.1", 5000), "first000")
        assert not pacer.ask(("10.0.0.1", 5000), "second00")
        assert pacer.due(0.0) == [(("10.0.0.1", 5000), "second00")]


class TestSightings:
    def test_expiry(self) -> None:
        """A room that goes on answering stays; one that does not is gone after the expiry time."""
        seen = Sightings(expiry=4.0)
        stays = room("stays")
        for heard_of in (stays, room("goes"), msgspec.structs.replace(stays, last_seen=3.0)):
            seen.add(heard_of)
        assert [r.name for r in seen.rooms(3.9)] == ["goes", "stays"]
        assert [r.name for r in seen.rooms(4.1)] == ["stays"]

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (0, 2, 1)])
    def test_one_room_at_several_addresses(self, order: tuple[int, ...]) -> None:
        """A room heard on loopback and on the LAN is listed once, at the LAN address heard first."""
        hosts = [LOOPBACK, "192.168.1.5", "192.168.2.5"]
        seen = Sightings(expiry=4.0)
        for n in order:
            seen.add(room(host=hosts[n], id="same"))
        first_on_lan = next(hosts[n] for n in order if n != 0)
        assert [r.host for r in seen.rooms(0.0)] == [first_on_lan]

    def test_lan_address_goes_first(self) -> None:
        """When the LAN address stops answering (the cable is out), the room stays, at loopback."""
        seen = Sightings(expiry=4.0)
        seen.add(room(host="192.168.1.5", id="same", last_seen=0.0))
        seen.add(room(host=LOOPBACK, id="same", last_seen=3.0))
        assert [r.host for r in seen.rooms(5.0)] == [LOOPBACK]

    def test_sorted_and_bounded(self) -> None:
        """Rooms are sorted by name, whatever the case, and a liar on the LAN cannot fill the memory."""
        seen = Sightings(expiry=4.0)
        for name in ("beta", "Alpha", "gamma"):
            assert seen.add(room(name))
        assert [r.name for r in seen.rooms(0.0)] == ["Alpha", "beta", "gamma"]
        assert sum(seen.add(room()) for _ in range(1000)) == beacon.SIGHTINGS_MAX - 3


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


class TestInterfaces:
    def test_broadcast_addresses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each IPv4 network is asked once, the default route's first; loopback, /31 and /32 are left out."""

        def ip(address: Any, prefix: int) -> SimpleNamespace:
            return SimpleNamespace(ip=address, network_prefix=prefix, is_IPv4=isinstance(address, str))

        adapters = [
            SimpleNamespace(ips=[ip(LOOPBACK, 8), ip(("::1", 0, 0), 128)]),
            SimpleNamespace(ips=[ip("172.17.0.1", 16), ip("10.8.0.2", 32), ip("10.9.0.2", 31)]),
            SimpleNamespace(ips=[ip("192.168.1.77", 26), ip("192.168.1.78", 26), ip("0.0.0.0", 0)]),
        ]
        monkeypatch.setattr(ifaddr, "get_adapters", lambda: adapters)
        monkeypatch.setattr(interfaces, "_default_address", lambda: "192.168.1.78")
        faces = interfaces.scan()
        assert interfaces.broadcast_addresses(faces) == ["192.168.1.127", "172.17.255.255"]
        assert interfaces.lan_addresses()[:2] == ["192.168.1.78", "172.17.0.1"]

    def test_on_this_machine(self) -> None:
        """The real interfaces of this machine can be read, and loopback is not among them."""
        assert not any(beacon.is_loopback(address) for address in interfaces.lan_addresses())


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
