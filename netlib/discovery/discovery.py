"""Finding servers on the LAN: a `Responder` beside each server, a `Browser` in each searcher.

The searcher asks, by broadcast, and the server answers that one searcher. So nobody needs a firewall rule
to search, and a room without searchers is silent::

    async with Browser() as browser:
        ...
        for room in browser.rooms:
            print(room.name, room.url)

``async for change in browser`` gives the rooms as they come and go, which are those of
`netlib.discovery.discovery`. What goes over the wire, and the limits, are in `netlib.discovery.beacon`.
"""

import asyncio
import contextlib
import errno
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Final, Self, TypeAlias

import msgspec

from netlib.arguments import Positive, checked
from netlib.discovery import beacon
from netlib.discovery import interfaces as net
from netlib.discovery.beacon import Address, Room, RoomInfo
from netlib.events import Event


class RoomFound(Event, frozen=True):
    """Browser: a room has answered for the first time, or again after it was lost."""

    room: Room


class RoomChanged(Event, frozen=True):
    """Browser: a room tells something new of itself (its players, for instance), or has another address."""

    room: Room


class RoomLost(Event, frozen=True):
    """Browser: a room has not answered for some seconds. ``room`` is what it told last."""

    room: Room


RoomEvent: TypeAlias = RoomFound | RoomChanged | RoomLost


def changes(before: Iterable[Room], after: Iterable[Room]) -> list[RoomEvent]:
    """What happened between two looks at the rooms: first what is gone, then the others as in ``after``.

    A room that was only heard once more is not a change.
    """
    known = {room.id: room for room in before}
    now = {room.id: room for room in after}
    events: list[RoomEvent] = [RoomLost(room) for room in known.values() if room.id not in now]
    for room in now.values():
        old = known.get(room.id)
        if old is None:
            events.append(RoomFound(room))
        elif msgspec.structs.replace(room, last_seen=old.last_seen) != old:
            events.append(RoomChanged(room))
    return events


PORTS: Final = (8766, 8767, 8768, 8769)  # UDP; as many servers on one machine can be found
PROBE_INTERVAL = 1.0  # seconds between two questions
EXPIRY_INTERVALS = 5  # intervals without an answer until a room is gone
RESCAN_INTERVALS = 5  # intervals between two looks at the interfaces
ANSWER_TURN = 0.05  # seconds between two looks at those who wait for an answer
LOOK_EVERY = 0.05  # seconds between two looks for rooms that came or went
SEARCH_TIME = 1.5  # seconds that find_rooms takes: two questions

NO_NETWORK = "this machine is on no network, so only its own rooms can be found"
FIREWALL = "every send was refused by this machine's firewall"
MACOS_PRIVACY = (
    "macOS lets this program reach no other machine: allow it under "
    "System Settings, Privacy & Security, Local Network"
)

logger = logging.getLogger(__name__)


class Responder:
    """Answers searchers on behalf of one server.

    ``info`` is called for each answer. ``ports`` are tried in order; ``port`` is the one taken, or None.
    ``host`` is where the server listens: on loopback, only searchers on this machine are answered.
    ``ignored`` counts datagrams that were no probe, ``limited`` probes beyond the rate limit (see `Pacer`),
    ``answered`` and ``failed`` what was sent and what the system refused to send.
    """

    def __init__(
        self, info: Callable[[], RoomInfo], *, ports: Sequence[int] = PORTS, host: str | None = None
    ) -> None:
        self._info, self._ports = info, ports
        self._host = net.answering_host(host)
        self._pacer = beacon.Pacer()
        self._datagrams: net.Datagrams | None = None
        self._turn: asyncio.TimerHandle | None = None
        self.port: int | None = None
        self.ignored = self.limited = self.answered = self.failed = 0

    async def start(self) -> None:
        """Take a port and begin to answer; without a free one, only warn."""
        if self._datagrams is not None:
            return
        sock = net.answering_socket(self._host, self._ports)
        if sock is None:
            logger.warning(
                "searchers cannot find this room: none of the UDP ports %s is free; "
                "the typed address still works",
                ", ".join(map(str, self._ports)),
            )
            return
        self._datagrams = net.Datagrams(sock, self._receive)
        self.port = self._datagrams.port

    def close(self) -> None:
        """Stop answering. Searchers drop the room some seconds later."""
        if self._turn is not None:
            self._turn.cancel()
        if self._datagrams is not None:
            self._datagrams.close()
        self._datagrams = self._turn = self.port = None

    def _receive(self, data: bytes, address: Address) -> None:
        nonce = beacon.decode_probe(data)
        if nonce is None:
            self.ignored += 1
            return
        self.limited += not self._pacer.ask(address, nonce)
        if self._turn is None:
            self._answer_due()

    def _answer_due(self) -> None:
        self._turn = None
        if self._datagrams is None:
            return
        due = self._pacer.due(time.perf_counter())
        if self._pacer.waiting:
            self._turn = asyncio.get_running_loop().call_later(ANSWER_TURN, self._answer_due)
        for searcher, nonce in due:
            self._answer(self._datagrams, searcher, nonce)

    def _answer(self, datagrams: net.Datagrams, searcher: Address, nonce: str) -> None:
        answer = beacon.encode_answer(self._info(), nonce)
        try:
            datagrams.send(answer, searcher)
        except OSError as error:
            self.failed += 1
            level = logging.WARNING if self.failed == 1 else logging.DEBUG
            logger.log(level, "could not answer the searcher at %s: %s", searcher[0], error)
        else:
            self.answered += 1


class Browser:
    """Searches for servers until it is stopped; reading ``rooms`` never waits.

    ``interfaces`` are the addresses to ask (for tests); without it, loopback and the broadcast address of
    every network that this machine is on, looked up again now and then, since Wi-Fi may join later.
    ``interval`` is the time between two questions, in seconds. ``problem`` says in words why nobody can
    have heard us, or is None. ``ignored`` counts datagrams that were no answer to us. An argument that is
    not so, or that there is not, raises `netlib.WrongArgument`.
    """

    @checked
    def __init__(
        self,
        *,
        ports: Sequence[int] = PORTS,
        interfaces: Sequence[str] | None = None,
        interval: Positive = PROBE_INTERVAL,
    ) -> None:
        self._ports, self._injected, self._interval = ports, interfaces, interval
        self._targets: list[str] = []
        self._nonce = beacon.new_id()
        self._sightings = beacon.Sightings(EXPIRY_INTERVALS * interval)
        self._datagrams: net.Datagrams | None = None
        self._task: asyncio.Task[None] | None = None
        self.problem: str | None = None
        self.ignored = 0

    @property
    def rooms(self) -> list[Room]:
        """The rooms that answered within the last few intervals, sorted by name."""
        return self._sightings.rooms(time.perf_counter())

    async def start(self) -> None:
        """Ask a first time, so that ``problem`` is known, and go on asking in the background."""
        if self._task is not None:
            return
        await self._rescan()
        self._datagrams = net.Datagrams(net.searching_socket(), self._receive)
        self._probe()
        self._task = asyncio.create_task(self._keep_asking(), name="netlib discovery")

    def stop(self) -> None:
        """Stop asking. ``rooms`` empties itself as time passes."""
        if self._task is not None:
            self._task.cancel()
        if self._datagrams is not None:
            self._datagrams.close()
        self._datagrams = self._task = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    async def __aiter__(self) -> AsyncIterator[RoomEvent]:
        """What changes, beginning with the rooms that are there; it ends when the browser is stopped."""
        run, known = self._task, list[Room]()
        while run is not None and run is self._task:
            before, known = known, self.rooms
            for change in changes(before, known):
                yield change
            await asyncio.sleep(LOOK_EVERY)

    async def _keep_asking(self) -> None:
        while True:
            for _ in range(RESCAN_INTERVALS):
                await asyncio.sleep(self._interval)
                self._probe()
            await self._rescan()

    async def _rescan(self) -> None:
        if self._injected is not None:
            self._targets = list(self._injected)
            return
        faces = []
        with contextlib.suppress(OSError):
            # Slow on Windows, and a game may be drawing in this thread.
            faces = await asyncio.to_thread(net.scan)
        self._targets = [*net.broadcast_addresses(faces), net.LOOPBACK]

    def _probe(self) -> None:
        outcomes = {target: self._ask(target) for target in self._targets}
        self.problem = diagnose(outcomes, expect_lan=self._injected is None)

    def _ask(self, target: str) -> OSError | None:
        """Ask at one address, on each port. Returns why no question could be sent there."""
        errors: list[OSError] = []
        for port in self._ports:
            try:
                if self._datagrams is not None:
                    self._datagrams.send(beacon.encode_probe(self._nonce), (target, port))
            except OSError as error:
                errors.append(error)
        return errors[-1] if errors and len(errors) == len(self._ports) else None

    def _receive(self, data: bytes, address: Address) -> None:
        room = beacon.decode_answer(data, address[0], self._nonce, now=time.perf_counter())
        if room is None or not self._sightings.add(room):
            self.ignored += 1


async def find_rooms(
    timeout: float = SEARCH_TIME, *, ports: Sequence[int] = PORTS, interfaces: Sequence[str] | None = None
) -> list[Room]:
    """Search for ``timeout`` seconds, and return every room that answered, sorted by name."""
    async with Browser(ports=ports, interfaces=interfaces) as browser:
        await asyncio.sleep(timeout)
        return browser.rooms


def diagnose(outcomes: Mapping[str, OSError | None], *, expect_lan: bool = True) -> str | None:
    """Why nobody can have heard us, in words; None when somebody may have.

    ``outcomes`` has what happened for each address that was asked. Loopback says nothing about the network,
    so it counts only when there was nothing else to ask and nothing else was expected.
    """
    lan = [error for target, error in outcomes.items() if not beacon.is_loopback(target)]
    if not lan and expect_lan:
        return NO_NETWORK
    errors = lan or list(outcomes.values())
    failures = [error for error in errors if error is not None]
    return _explain(failures) if failures and len(failures) == len(errors) else None


def _explain(failures: Iterable[OSError]) -> str:
    codes = {error.errno for error in failures}
    if codes <= {errno.EPERM, errno.EACCES}:
        return FIREWALL
    if sys.platform == "darwin" and codes == {errno.EHOSTUNREACH}:
        return MACOS_PRIVACY
    names = sorted(errno.errorcode.get(code or 0, str(code)) for code in codes)
    return f"nothing could be sent to the network ({', '.join(names)})"
