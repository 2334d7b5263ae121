"""What discovery says over UDP, to whom it answers and when, and what a searcher has heard. Pure.

A searcher sends a *probe*, padded to ``PROBE_BYTES``; a server sends back an *answer*, never larger than
``ANSWER_BYTES``. So nobody can use a server to make a big stream of data out of a small one with a forged
sender (see RFC 8085, 3.1 and 3.4, on what a program may do with UDP). Both are small JSON objects::

    → {"netlib":"probe","nonce":"5f0e…","pad":"      …"}
    ← {"netlib":"answer","nonce":"5f0e…","room":{"id":"c3a1…","name":"Gem Rush","players":3,
       "max_players":32,"port":8765,"protocol":1,"password":false,"hosted":false,"rooms":null}}

The nonce is the searcher's own: an answer without it was not asked for.
"""

import secrets
from collections import Counter
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from netlib.play.timing import RateLimit
from netlib.protocol.codecs import MALFORMED
from netlib.session.names import readable

PROBE_BYTES = 256  # bytes; a shorter probe gets no answer
ANSWER_BYTES = 2 * PROBE_BYTES  # bytes; never exceeded
DATAGRAM_BYTES = 1024  # bytes; anything larger is ignored unread
NAME_BYTES = 64  # bytes of UTF-8; a longer room name is cut
ID_BYTES = 32  # bytes of UTF-8
COUNT_MAX = 65_535  # players, ports, versions
COUNTS = ("players", "max_players", "port", "protocol")

ANSWERS_PER_SECOND = 100  # answers to all searchers together
ANSWER_BURST = 10  # answers that may go out at once
HOST_SPACING = 0.25  # seconds between two answers to one host
WAITING_MAX = 128  # searchers that wait for an answer
WAITING_PER_HOST = 4  # of these, on one host
ASKED_WINDOW = 4.0  # seconds over which the questions of a host count against it
SIGHTINGS_MAX = 256  # rooms (times addresses) that a searcher remembers

Address = tuple[str, int]  # host, port
Count = Annotated[int, Meta(ge=0, le=COUNT_MAX)]
Port = Annotated[int, Meta(ge=1, le=COUNT_MAX)]
Nonce = Annotated[str, Meta(pattern=r"\A[0-9A-Za-z]{8,32}\Z")]


class RoomInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One running server, as it describes itself.

    ``id`` is random and the same for the server's whole run (see `new_id`): by it a searcher knows that two
    addresses are one room. ``port`` is the game's TCP port, ``protocol`` the version of the game's wire, and
    ``password`` tells whether one is needed. ``hosted`` is a room for everybody here, not someone's own game.
    ``rooms`` is how many rooms there are, where a server has several; None for one that is a room itself.
    """

    id: str
    name: str
    players: Count
    max_players: Count
    port: Port
    protocol: Count
    password: bool = False
    hosted: bool = False
    rooms: Count | None = None


class Room(RoomInfo, frozen=True, kw_only=True):
    """A room that was found: where it answered from, and when (seconds, by the searcher's clock)."""

    host: str
    last_seen: float = 0.0

    @property
    def address(self) -> str:
        """``host:port``, as people read it out."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """``ws://host:port``, as `netlib.connect` takes it."""
        return f"ws://{self.address}"


class _Probe(msgspec.Struct, tag_field="netlib", tag="probe"):
    nonce: Nonce
    pad: str = ""


class _Answer(msgspec.Struct, tag_field="netlib", tag="answer"):
    nonce: Nonce
    room: RoomInfo


_probes = msgspec.json.Decoder(_Probe)
_answers = msgspec.json.Decoder(_Answer)
_encode = msgspec.json.Encoder().encode


def new_id() -> str:
    """A fresh random id: for a server's run, or as a searcher's nonce."""
    return secrets.token_hex(8)


def tidy(text: str, limit: int) -> str:
    """The text on one line, without control characters and hidden ones, cut to ``limit`` bytes of UTF-8.

    Lists of rooms are printed to terminals, which obey control characters.
    """
    return readable(" ".join(text.split())).encode()[:limit].decode(errors="ignore").strip()


def encode_probe(nonce: str) -> bytes:
    """A searcher's question, of exactly ``PROBE_BYTES``."""
    bare = len(_encode(_Probe(nonce)))
    return _encode(_Probe(nonce, " " * (PROBE_BYTES - bare)))


def decode_probe(data: bytes) -> str | None:
    """The nonce of a probe; None for whatever is not a well-formed probe of the right size."""
    if not PROBE_BYTES <= len(data) <= DATAGRAM_BYTES:
        return None
    try:
        return _probes.decode(data).nonce
    except MALFORMED:
        return None


def encode_answer(info: RoomInfo, nonce: str) -> bytes:
    """A server's answer, of at most ``ANSWER_BYTES``: long names are cut, numbers limited."""
    counts: dict[str, Any] = {name: max(0, min(getattr(info, name), COUNT_MAX)) for name in COUNTS}
    words = {"id": tidy(info.id, ID_BYTES), "name": tidy(info.name, NAME_BYTES)}
    return _encode(_Answer(nonce, msgspec.structs.replace(info, **words, **counts)))


def decode_answer(data: bytes, host: str, nonce: str, *, now: float = 0.0) -> Room | None:
    """The room that an answer from ``host`` describes; None when it is malformed or answers no ``nonce``."""
    if len(data) > DATAGRAM_BYTES:
        return None
    try:
        answer = _answers.decode(data)
    except MALFORMED:
        return None
    if answer.nonce != nonce:
        return None
    words = {"id": tidy(answer.room.id, ID_BYTES), "name": tidy(answer.room.name, NAME_BYTES) or host}
    return Room(**{**msgspec.structs.asdict(answer.room), **words}, host=host, last_seen=now)


def is_loopback(host: str) -> bool:
    """Whether an IPv4 address can only mean this machine."""
    return host.startswith("127.")


class Pacer:
    """Who gets an answer, and when; times are in seconds.

    A token bucket limits all answers together. A searcher beyond it waits in line instead of being dropped:
    searchers repeat themselves in step, so the ones dropped would be the same people every second. The hosts
    that ask least go first, and when the line is too long, one that asks most is dropped: it cannot crowd
    out the others by asking.
    """

    def __init__(self) -> None:
        self._rate = RateLimit(ANSWERS_PER_SECOND, ANSWER_BURST)
        self.waiting: dict[Address, str] = {}
        self._answered: dict[str, float] = {}
        self._asked: Counter[str] = Counter()
        self._counted_since = 0.0

    def ask(self, searcher: Address, nonce: str) -> bool:
        """Put a searcher in line. False when this probe gets no answer of its own."""
        self._asked[searcher[0]] += 1
        is_new = searcher not in self.waiting
        if is_new and sum(host == searcher[0] for host, _ in self.waiting) >= WAITING_PER_HOST:
            return False
        self.waiting[searcher] = nonce
        if len(self.waiting) > WAITING_MAX:
            del self.waiting[max(reversed(self.waiting), key=lambda searcher: self._asked[searcher[0]])]
        return is_new and searcher in self.waiting

    def due(self, now: float) -> list[tuple[Address, str]]:
        """Take those out of line who get their answer now, with their nonces."""
        if now - self._counted_since > ASKED_WINDOW:
            self._asked.clear()
            self._counted_since = now
        self._answered = {host: at for host, at in self._answered.items() if now - at < HOST_SPACING}
        chosen = []
        for searcher in sorted(self.waiting, key=lambda searcher: self._asked[searcher[0]]):
            if searcher[0] not in self._answered and self._rate.allows(now):
                self._answered[searcher[0]] = now
                chosen.append(searcher)
        return [(searcher, self.waiting.pop(searcher)) for searcher in chosen]


class Sightings:
    """The rooms heard so far. One that has not been heard for ``expiry`` seconds is gone.

    A server on this machine answers on loopback and on its LAN address. It is listed once, with the LAN
    address, since that is the one to read out to others; of several, the one heard first.
    """

    def __init__(self, expiry: float) -> None:
        self._expiry = expiry
        self._heard: dict[tuple[str, str], Room] = {}

    def add(self, room: Room) -> bool:
        """Note an answer. False when there are too many rooms to remember another."""
        key = room.id, room.host
        if key not in self._heard and len(self._heard) >= SIGHTINGS_MAX:
            return False
        self._heard[key] = room
        return True

    def rooms(self, now: float) -> list[Room]:
        """What is there now, sorted by name."""
        self._heard = {k: r for k, r in self._heard.items() if now - r.last_seen < self._expiry}
        chosen: dict[str, Room] = {}
        for room in self._heard.values():
            seen = chosen.setdefault(room.id, room)
            if is_loopback(seen.host) and not is_loopback(room.host):
                chosen[room.id] = room
        return sorted(chosen.values(), key=lambda r: (r.name.casefold(), r.host, r.port, r.id))
