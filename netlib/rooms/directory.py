"""Which room a newcomer gets: pure decisions about kinds, ids, codes, seats and limits."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from netlib.errors import did_you_mean
from netlib.protocol.frames import Join, Refusal
from netlib.rooms.room import KindRoom
from netlib.server.peer import Seat
from netlib.server.roster import make_place
from netlib.session.handshake import Limits
from netlib.transport.loops import clock
from netlib.transport.quotas import rate_by_source, source_of

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look alike: I L O 0 1
CODE_LENGTH = 5
ID_BYTES = 9  # of randomness in a room's id
GUESSES_PER_SECOND, GUESS_BURST = 0.2, 10.0  # wrong codes and ids from one address
MADE_PER_SECOND, MADE_BURST = 1.0, 32.0  # rooms that one address has made
SHOWN = 20  # characters of what somebody typed that are said again

FULL = "all seats in all rooms are taken ({} for {}); wait until someone leaves"
TOO_MANY_ROOMS = "this server has {} rooms, and no place for more; join one of them, or wait until one ends"
TOO_MANY_OF_YOURS = "your address has {} rooms here already; join one of them, or wait until one ends"
TOO_FAST = "your address has made many rooms in a short time; wait some seconds, and try again"
TOO_MANY_GUESSES = "too many codes from your address were wrong; wait some seconds, and ask for the right one"
NO_SUCH = "no room here has the {} {!r}; it may have ended, ask for the newest one"


class Kind(NamedTuple):
    """How rooms of a kind are: ``furnish`` is called with each new one; ``settings`` go to `GameRoom`."""

    name: str
    furnish: Callable[[KindRoom], object]
    settings: Mapping[str, Any]


class Wanted(NamedTuple):
    """A new room that is to be made."""

    kind: Kind
    join: Join
    source: str


class Directory:
    """The kinds and rooms of a server.

    Args:
        limits: of players and spectators in all rooms together.
        max_rooms, max_rooms_per_address: how many there may be, and of these by one address.

    Attributes:
        kinds, rooms: by name, and by id in the order of their making.
    """

    def __init__(self, limits: Limits, max_rooms: int, max_rooms_per_address: int) -> None:
        self.kinds: dict[str, Kind] = {}
        self.rooms: dict[str, KindRoom] = {}
        self._limits, self._max_rooms = limits, max_rooms
        self._max_per_source = max_rooms_per_address
        self._makers: dict[str, str] = {}  # whose address made a room, by the room's id
        self._guesses = rate_by_source(GUESSES_PER_SECOND, GUESS_BURST)
        self._made = rate_by_source(MADE_PER_SECOND, MADE_BURST)

    @property
    def seats(self) -> list[Seat]:
        """The seats in all rooms."""
        return [seat for room in self.rooms.values() for seat in room.roster.seats.values()]

    def choose(self, join: Join, address: str, *, spectator: bool) -> KindRoom | Wanted | Refusal:
        """Decide which room somebody gets who is in none."""
        full = self._seats_left(spectator=spectator) < 1
        if full and not make_place(self.seats, address, spectator=spectator):
            most = self._limits.max_spectators if spectator else self._limits.max_players
            return Refusal("full", FULL.format(most, "spectators" if spectator else "players"))
        if join.code or join.id:
            return self._named(join, address)
        kind = self._kind(join.kind)
        if isinstance(kind, Refusal):
            return kind
        if not (join.new or join.private) and (room := self._fitting(kind.name, spectator=spectator)):
            return room
        if spectator:
            return Refusal("no_room", f"no {kind.name} to watch now; come again when somebody plays")
        return self._may_make(address) or Wanted(kind, join, source_of(address))

    def new_names(self) -> tuple[str, str]:
        """An id and a code for a new room."""
        codes = {room.code for room in self.rooms.values()}
        while (code := "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))) in codes:
            pass
        return secrets.token_urlsafe(ID_BYTES), code

    def add(self, room: KindRoom, source: str = "") -> None:
        """Take a new room in, which an address has made, or the program itself."""
        self.rooms[room.room_id] = room
        if source:
            self._makers[room.room_id] = source

    def discard(self, room: KindRoom) -> None:
        """A room has ended."""
        self.rooms.pop(room.room_id, None)
        self._makers.pop(room.room_id, None)

    def _seats_left(self, *, spectator: bool) -> int:
        rooms = self.rooms.values()
        if spectator:
            return self._limits.max_spectators - sum(room.spectators for room in rooms)
        return self._limits.max_players - sum(len(room.players) + room.waiting for room in rooms)

    def _named(self, join: Join, address: str) -> KindRoom | Refusal:
        guesses = self._guesses(address)
        if not guesses.allows(clock()):
            return Refusal("no_room", TOO_MANY_GUESSES)
        code = join.code.upper().strip()
        if join.code:
            found = next((room for room in self.rooms.values() if room.code == code), None)
        else:
            found = self.rooms.get(join.id)
        if found is None:
            what, typed = ("code", join.code) if join.code else ("id", join.id)
            return Refusal("no_room", NO_SUCH.format(what, typed[:SHOWN]))
        guesses.give_back()
        return found

    def _kind(self, name: str) -> Kind | Refusal:
        if name in self.kinds:
            return self.kinds[name]
        if not name and len(self.kinds) == 1:
            return next(iter(self.kinds.values()))
        known = ", ".join(self.kinds)
        if not name:
            return Refusal("kind", f"say which kind of room you want; there are: {known}")
        meant = did_you_mean(name[:SHOWN], self.kinds)
        return Refusal("kind", f"no rooms of kind {name[:SHOWN]!r} here{meant}; there are: {known}")

    def _fitting(self, kind: str, *, spectator: bool) -> KindRoom | None:
        """The fullest room of a kind that takes one more."""
        rooms = [room for room in self.rooms.values() if room.kind == kind and not room.private]
        if spectator:
            rooms = [r for r in rooms if r.spectators < r.limits.max_spectators]
        else:
            rooms = [room for room in rooms if room.has_seat and not room.locked]
        return max(rooms, key=lambda room: len(room.players), default=None)

    def _may_make(self, address: str) -> Refusal | None:
        source = source_of(address)
        if len(self.rooms) >= self._max_rooms:
            return Refusal("rooms", TOO_MANY_ROOMS.format(len(self.rooms)))
        if list(self._makers.values()).count(source) >= self._max_per_source:
            return Refusal("rooms", TOO_MANY_OF_YOURS.format(self._max_per_source))
        return None if self._made(address).allows(clock()) else Refusal("rooms", TOO_FAST)
