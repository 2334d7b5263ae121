"""One of a server's many rooms: what a game makes a table, an arena or a canvas of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cached_property
from threading import get_ident
from types import MappingProxyType
from typing import Any

import msgspec
from websockets.frames import CloseCode

from netlib.arguments import check, check_text
from netlib.errors import WrongArgument
from netlib.events import Event, Left
from netlib.protocol.frames import Hello, Join
from netlib.rooms.groups import Group
from netlib.rooms.listing import Listing
from netlib.rooms.timers import Timer, Timers
from netlib.server.room import GameRoom
from netlib.transport.quotas import Rates

MAX_METADATA = 2048  # bytes, as JSON: lists have it of every room
ENDED = "the room has ended"


class KindRoom(GameRoom):
    """A room of some kind. It ends when its last player has left for good, and then takes nobody in.

    Args:
        ended: told once it has ended.
        kind: which kind, by name.
        names: its id, for lists, and its code, for friends.
        join: what the one who wanted it said: whether it is private, and its options, which are not checked.
        lasting: it stays when nobody is in it.
        settings: as for `GameRoom`.

    Attributes:
        locked: True lets nobody in who asks for any room of its kind, such as when a game has begun.
        closed: True once it has ended.
    """

    def __init__(
        self,
        ended: Callable[[KindRoom], object],
        kind: str,
        names: tuple[str, str],
        join: Join,
        *,
        lasting: bool,
        settings: Mapping[str, Any],
    ) -> None:
        super().__init__(kind, **settings)
        self.kind, (self.room_id, self.code) = kind, names
        self.private, self.options, self.lasting = join.private, join.options, lasting
        self.locked = False
        self._ended = ended
        self._metadata: dict[str, Any] = {}
        self._groups: dict[str, Group] = {}

    @property
    def name(self) -> str:
        """What it is called, in lists and to those who come in; its kind, until its game says otherwise.

        Raises:
            WrongArgument: it is no text, or cannot travel.
        """
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        check_text("name", name)
        self._name = name

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What lists tell of it beside its players, and by which they are filtered; plain values.

        It is set as a whole; what one gets is a copy, so that nothing unchecked comes into the lists.

        Raises:
            WrongArgument: it is no dict of plain values, or too large.
        """
        return MappingProxyType(deepcopy(self._metadata))

    @metadata.setter
    def metadata(self, metadata: Mapping[str, Any]) -> None:
        check("metadata", metadata, Mapping[str, Any])
        try:
            data = msgspec.json.encode(dict(metadata))
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise WrongArgument(f"metadata cannot be listed: {error}") from error
        if len(data) > MAX_METADATA:
            raise WrongArgument(f"metadata has {len(data)} bytes; lists have room for {MAX_METADATA}")
        self._metadata = msgspec.json.decode(data)

    @property
    def has_seat(self) -> bool:
        """Whether one more player may come in; those who wait to be admitted count as here."""
        return len(self.players) + self.waiting < self.limits.max_players

    @property
    def waiting(self) -> int:
        """How many newcomers that want to play wait for what `on_admit` says."""
        return self._incoming.door.count(spectator=False)

    @property
    def spectators(self) -> int:
        """How many watch, those included who wait for what `on_admit` says."""
        return len(self.peers) - len(self.players) + self._incoming.door.count(spectator=True)

    @property
    def listing(self) -> Listing:
        """What lists tell of it."""
        players = len(self.players)
        spectators, most = len(self.peers) - players, self.limits.max_players
        return Listing(
            self.room_id, self.kind, self.name, players, most, spectators, bool(self.locked), self._metadata
        )

    def group(self, name: str) -> Group:
        """Its group of that name, which is empty at first."""
        check("name", name, str)
        if name not in self._groups:
            self._groups[name] = Group(self)
        return self._groups[name]

    def after(self, ticks: int, call: Callable[[], Any]) -> Timer:
        """Call once, so many ticks from now, unless the room has ended. See `Timers.after`."""
        return self._timers.after(ticks, call)

    def every(self, ticks: int, call: Callable[[], Any]) -> Timer:
        """Call again and again, so many ticks apart, until the room ends. See `Timers.every`."""
        return self._timers.every(ticks, call)

    @cached_property
    def _timers(self) -> Timers:
        return Timers(self)

    def close(self, reason: str = ENDED) -> None:
        """End the room: everybody in it is told why, and leaves; its timers and ticks come no more."""
        check_text("reason", reason)
        self.check_call()
        if self.closed:
            return
        self.closed = True
        self.ticker.stand()
        if self.ticking is not None:
            self.ticking.cancel()
        self._incoming.door.close(reason)
        for seat in list(self.roster.seats.values()):
            seat.end(CloseCode.NORMAL_CLOSURE, reason)
        self._ended(self)

    async def stop(self, reason: str = ENDED) -> None:
        """As `close`: what the host of this room may ask for, by ``shutdown``."""
        self.close(reason)

    # For its server.

    def knows(self, hello: Hello) -> bool:
        """Whether somebody who says this is here, or waits at the door, or was thrown out."""
        sessions = self.roster.sessions
        known = sessions.known(hello) is not None or sessions.shut_out(hello)
        return known or self._incoming.door.knows(hello)

    def count_guesses(self, of_host: Rates, at_door: Rates) -> None:
        """Count wrong passwords together with other rooms: who goes from one to the next guesses on."""
        self.rights.guesses, self._incoming.guesses = of_host, at_door

    def open(self, phase: float) -> None:
        """Let its time begin, or go on after the server has stopped; see `Ticker.spread`."""
        self._open_in = get_ident()
        self.stopping = False
        if self.tick == 0:
            self.ticker.spread(phase)
        self.go()

    async def stand(self) -> None:
        """Let its time stand still while the server is stopped."""
        await self.cancel_tasks()
        self._open_in = -1

    def announce(self, event: Event) -> None:
        """Tell the listeners of an event. The last player that leaves takes the room along."""
        super().announce(event)
        if isinstance(event, Left) and not (self.players or self.waiting or self.lasting or self.stopping):
            self.close()
