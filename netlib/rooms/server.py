"""One port with many rooms behind it."""

import asyncio
import inspect
import ssl as tls
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Annotated, Any

from msgspec import Meta

from netlib.arguments import Count, Port, Rate, check_listener, check_text, checked
from netlib.discovery.beacon import RoomInfo
from netlib.discovery.discovery import PORTS
from netlib.errors import WrongArgument, did_you_mean
from netlib.events import Event, log
from netlib.protocol.frames import PORT, PROTOCOL_VERSION, Hello, Join, Refusal
from netlib.protocol.messages import AnyMessage, Input
from netlib.rooms.directory import Directory, Kind, Wanted
from netlib.rooms.listing import PATH, chosen
from netlib.rooms.room import KindRoom
from netlib.server.connections import Caller
from netlib.server.host import GUESS_BURST, GUESSES_PER_SECOND
from netlib.server.http import Page, json_page
from netlib.server.incoming import JOIN_GUESS_BURST
from netlib.server.on_port import OnPort
from netlib.server.peer import Peer, Seat
from netlib.server.room import TICK_RATE
from netlib.server.roster import end_largest
from netlib.session.handshake import Limits, judge
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.keepalive import CLOSE_TIMEOUT
from netlib.transport.loops import clock
from netlib.transport.quotas import rate_by_source
from netlib.transport.tcp import TCP, Network

LIMITS = Limits(max_players=500, max_spectators=500)
KindName = Annotated[str, Meta(description='a string, as in @server.kind("table")')]
MAX_ROOMS = 250
MAX_ROOMS_PER_ADDRESS = 64  # a whole class may sit behind one address
GOLDEN = 0.6180339887498949  # the golden ratio's fraction: multiples of it lie evenly on a circle
FAILED = "this room could not be made; the server's host finds in its log why"
LOOKS_PER_SECOND = 1.0  # for rooms in which nobody ever was


class RoomServer(OnPort[Peer]):
    """Many rooms on one port: it takes each newcomer to the room that it wants, and makes new ones.

    Args:
        name: the server's name, as discovery shows it.
        limits: for all rooms together: connections, players, what one client may send before it is in a
            room. Each kind of room has its own, too, but for connections and their ``idle_time``.
        max_rooms: rooms at once.
        max_rooms_per_address: rooms at once that were made by clients of one address.
        host, port, next_port, origins, link, seed, hosted, discoverable, discovery_ports, ssl, network:
            as for `netlib.Server`.

    Attributes:
        pages, searches: as for `netlib.Server`.

    Raises:
        WrongArgument: an argument is not what is said above, or there is none of that name.
    """

    @checked
    def __init__(
        self,
        name: str,
        *,
        host: str | None = None,
        port: Port = PORT,
        next_port: bool = False,
        limits: Limits | None = None,
        max_rooms: Count = MAX_ROOMS,
        max_rooms_per_address: Count = MAX_ROOMS_PER_ADDRESS,
        origins: Collection[str] = (),
        link: LinkConditions = PERFECT,
        seed: int | None = None,
        hosted: bool = False,
        discoverable: bool = True,
        discovery_ports: Sequence[int] = PORTS,
        ssl: tls.SSLContext | None = None,
        network: Network = TCP,
    ) -> None:
        super().__init__(name, TICK_RATE, None, limits or LIMITS)
        self.link, self._hosted = link, hosted
        self._directory = Directory(self.limits, max_rooms, max_rooms_per_address)
        self._guesses = (  # in all rooms together
            rate_by_source(GUESSES_PER_SECOND, GUESS_BURST),
            rate_by_source(GUESSES_PER_SECOND, JOIN_GUESS_BURST),
        )
        self._ending: set[KindRoom] = set()
        self._made = 0
        ports = discovery_ports if discoverable else ()
        self._prepare(
            host, port, ports, next_port=next_port, origins=origins, seed=seed, ssl=ssl, network=network
        )
        self.searches[PATH] = self._list

    # For games.

    @property
    def rooms(self) -> list[KindRoom]:
        """All rooms, in the order of their making."""
        return list(self._directory.rooms.values())

    @checked
    def kind(
        self,
        name: KindName,
        *,
        tick_rate: Rate = TICK_RATE,
        snapshot_rate: Rate | None = None,
        input_type: type[Input] | None = None,
        host_password: str = "",
        first_is_host: bool = False,
        limits: Limits | None = None,
    ) -> Callable[[Callable[[KindRoom], object]], Callable[[KindRoom], object]]:
        """Say how rooms of a kind are furnished: the decorated function is called with each new one.

        Args:
            name: what clients ask for.
            tick_rate, snapshot_rate, input_type, host_password, first_is_host, limits: as for
                `netlib.Server`, for each room.

        Raises:
            WrongArgument: there is such a kind already, or the function cannot be called so.
        """
        check_text("name", name)
        if name in self._directory.kinds:
            raise WrongArgument(f"there is a kind {name!r} already; each is furnished by one function")
        settings = {
            "tick_rate": tick_rate,
            "snapshot_rate": snapshot_rate,
            "input_type": input_type,
            "host_password": host_password,
            "first_is_host": first_is_host,
            "limits": limits,
        }

        def decorate(furnish: Callable[[KindRoom], object]) -> Callable[[KindRoom], object]:
            check_listener("the function that furnishes", furnish, "room")
            if inspect.iscoroutinefunction(furnish):
                raise WrongArgument("a room is furnished at once: a plain function does it, not an async one")
            self._directory.kinds[name] = Kind(name, furnish, settings)
            return furnish

        return decorate

    def open_room(
        self,
        kind: str,
        *,
        private: bool = False,
        lasting: bool = True,
        options: Mapping[str, Any] | None = None,
    ) -> KindRoom:
        """Make a room from the program itself, such as a lobby that is always there.

        Args:
            lasting: it stays when nobody is in it; else somebody has to come within the handshake time.
            options: as in `Join`.

        Raises:
            WrongArgument: there is no such kind. What its function raises, too.
        """
        self.check_call()
        if kind not in self._directory.kinds:
            raise WrongArgument(f"there is no kind {kind!r}{did_you_mean(kind, self._directory.kinds)}")
        join = Join(kind, private=private, options=dict(options or {}))
        return self._make(Wanted(self._directory.kinds[kind], join, ""), lasting=lasting)

    # For its parts.

    def info(self) -> RoomInfo:
        """What discovery and ``GET /info`` tell about this server: of all its rooms together."""
        rooms = self.rooms
        return RoomInfo(
            id=self._id,
            name=self.name,
            players=sum(len(room.players) for room in rooms),
            max_players=self.limits.max_players,
            port=self.port,
            protocol=PROTOCOL_VERSION,
            hosted=self._hosted,
            rooms=len(rooms),
        )

    def handle(self, caller: Caller, message: AnyMessage) -> bool:
        """Take somebody to a room; before the hello nobody is in one."""
        if not isinstance(message, Hello):
            caller.refuse("no_hello", "say hello first: the first message of a client is a hello")
            return True
        room = self._room_for(caller, message)
        if isinstance(room, Refusal):
            caller.turn_away(room)
            return True
        caller.enter(room)
        return room.handle(caller, message)

    def room_ended(self, room: KindRoom) -> None:
        """Take a room out of the lists, and end what runs in it once nobody is connected."""
        self._directory.discard(room)
        self._clear_away(room)

    def _check_all(self, seat: Seat) -> None:
        """End a stay when too much waits for the players of all rooms together; little is not looked at."""
        most = self.limits.max_total_backlog
        if seat.waiting * self.limits.max_players > most:
            end_largest(seat, self._directory.seats, most)

    def announce(self, event: Event) -> None:
        """Events are the rooms'."""
        self.emit(event)

    def conditions_changed(self, seat: Any) -> None:
        """Seats are the rooms'."""

    def _room_for(self, caller: Caller, hello: Hello) -> KindRoom | Refusal:
        for room in self.rooms if hello.resume or hello.nonce else ():
            if room.knows(hello):
                return room
        if refusal := judge(hello, ""):
            return refusal
        join = hello.join or Join()
        found = self._directory.choose(join, caller.connection.address, spectator=hello.spectator)
        if not isinstance(found, Wanted):
            return found
        try:
            return self._make(found)
        except (Exception, asyncio.CancelledError):
            log.exception('a room of kind "%s" could not be made', found.kind.name)
            return Refusal("room_failed", FAILED)

    def _make(self, wanted: Wanted, *, lasting: bool = False) -> KindRoom:
        kind, join, source = wanted
        names, settings = self._directory.new_names(), {**kind.settings, "link": self.link}
        room = KindRoom(self.room_ended, kind.name, names, join, lasting=lasting, settings=settings)
        room.roster.more_waits = self._check_all
        room.count_guesses(*self._guesses)
        try:
            kind.furnish(room)
            if room.closed:
                raise RuntimeError("the function that furnishes it has closed it")
        except BaseException:
            self._clear_away(room)
            raise
        self._directory.add(room, source)
        self._made += 1
        if not self.stopping and self._open_in > 0:
            room.open(self._made * GOLDEN % 1)
        log.info('room %s of kind "%s" opens', room.code, room.kind)
        return room

    def _list(self, query: str) -> Page:
        rooms = sorted(self.rooms, key=lambda room: -len(room.players))
        try:
            return json_page(chosen((room.listing for room in rooms if not room.private), query))
        except ValueError as error:  # of a query with a thousand fields
            return Page(f"{error}\n".encode(), status=400, phrase="Bad Request")

    # Starting and stopping.

    def _go(self) -> None:
        self.ticker.go()
        for place, room in enumerate(self.rooms):
            room.open(place * GOLDEN % 1)
        self.spawn(self._end_unused())

    def _stand(self) -> None:
        self.ticker.stand()
        for room in self.rooms:
            room.stopping = True
            room.ticker.stand()

    async def cancel_tasks(self) -> None:
        """End everything that was spawned, here and in the rooms."""
        await super().cancel_tasks()
        for room in (*self.rooms, *self._ending):
            await room.stand()
        self._ending.clear()

    async def _end_unused(self) -> None:
        """End rooms into which nobody came, since they were refused or went away; for ever."""
        since: dict[str, float] = {}
        while True:
            await asyncio.sleep(1 / LOOKS_PER_SECOND)
            now = clock()
            unused = [room for room in self.rooms if not (room.players or room.waiting or room.lasting)]
            since = {room.room_id: since.get(room.room_id, now) for room in unused}
            for room in unused:
                if now - since[room.room_id] > self.limits.handshake_time:
                    room.close()

    def _clear_away(self, room: KindRoom) -> None:
        if self._open_in > 0:  # else nothing runs in it
            self._ending.add(room)
            if not self.stopping:
                self.spawn(self._clear(room))

    async def _clear(self, room: KindRoom) -> None:
        """Let its clients and what its listeners began come to an end, but not wait for long."""
        deadline = clock() + CLOSE_TIMEOUT
        while any(seat.carrier for seat in room.roster.seats.values()) and clock() < deadline:
            await asyncio.sleep(0.01)
        for seat in list(room.roster.seats.values()):
            if seat.carrier is not None:
                seat.carrier.connection.abort()
        await room.finish_tasks(CLOSE_TIMEOUT)
        self._ending.discard(room)
