"""What discovery says over UDP, who gets an answer and when, and what a searcher has heard."""

import random
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlib.discovery import beacon, discovery
from netlib.discovery.beacon import (
    ANSWER_BYTES,
    COUNT_MAX,
    DATAGRAM_BYTES,
    PROBE_BYTES,
    Address,
    Pacer,
    Room,
    Sightings,
    decode_answer,
    decode_probe,
    encode_answer,
    encode_probe,
)
from tests.support.responders import NONCE, info
from tests.support.rooms import LOOPBACK


def room(name: str = "Gem Rush", host: str = "10.0.0.5", last_seen: float = 0.0, **changes: Any) -> Room:
    return Room(**msgspec.structs.asdict(info(name, **changes)), host=host, last_seen=last_seen)


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

    @pytest.mark.parametrize("each", [1.0, 2.0])
    def test_a_searcher_beside_a_flood(self, each: float) -> None:
        """While 200 hosts ask all the time, one that asks once a second hears from the room in good time."""
        rng, pacer, honest, heard = random.Random(1), Pacer(), ("10.0.3.1", 5000), list[float]()
        for turn in range(20 * 12):
            for _ in range(round(200 * each / 20)):
                pacer.ask((f"10.0.2.{rng.randrange(200)}", 5000), NONCE)
            if turn % 20 == 7:
                pacer.ask(honest, NONCE)
            heard += [turn / 20 for searcher, _ in pacer.due(turn / 20) if searcher == honest]
        gaps = [after - before for before, after in pairwise([0.0, *heard, 12.0])]
        assert len(heard) >= 6 and max(gaps) < 3.0

    def test_those_who_ask_less_go_first(self) -> None:
        """A host that shouts is answered after one that asked once, though it asked before."""
        pacer = Pacer()
        for port in range(beacon.ANSWER_BURST + 1):
            pacer.ask((f"10.0.0.{port}", 5000), NONCE)
            pacer.ask((f"10.0.0.{port}", 5000), NONCE)
        pacer.ask(("10.0.1.1", 5000), NONCE)
        assert pacer.due(0.0)[0] == (("10.0.1.1", 5000), NONCE)

    def test_the_hosts_that_are_counted_are_forgotten(self) -> None:
        """What a host asked some seconds ago does not count against it."""
        pacer = Pacer()
        for n in range(1000):
            pacer.ask((f"10.0.{n >> 8}.{n & 255}", 5000), NONCE)
        pacer.due(1.0)
        assert len(pacer._asked) == 1000
        pacer.due(1.1 + beacon.ASKED_WINDOW)
        assert not pacer._asked

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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (" Ada's\n\x1b[2J room ", "Ada's [2J room"),
        ("👩\u200d💻's game", "👩\u200d💻's game"),
        ("Ada\u202e\u200b", "Ada"),
        ("é" * 12, "é" * 9),
    ],
)
def test_names_of_rooms_are_tidy(said: str, shown: str) -> None:
    """No control characters or hidden ones; what joins an emoji stays; it is cut between characters."""
    assert beacon.tidy(said, 19) == shown
