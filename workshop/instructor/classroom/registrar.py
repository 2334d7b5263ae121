"""The registrar that keeps the class: it answers attendees and hosts, and gives the board their progress."""

import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import netlib
from netlib.session.names import name_key
from workshop.game.rules.host_commands import only_host
from workshop.instructor.classroom.host_memory import HostMemory
from workshop.instructor.classroom.messages import (
    ClassJoin,
    ClassLeave,
    ClassNews,
    ClassOrder,
    ClassPlace,
    ClassPlays,
)
from workshop.instructor.classroom.place import Place
from workshop.instructor.classroom.register import Attendee, Register

Keep: TypeAlias = Callable[[str, Place | None], Coroutine[Any, Any, object]]


async def nowhere(key: str, place: Place | None) -> None:
    """Keep nothing: the class ends with the host's program."""


class Registrar:
    """Answers attendees. Whatever they send, the room goes on.

    Args:
        server: the room; it can have one registrar.
        register: the attendees of the class.
        host: knows the host again, and hears when the class rests.
        keep: writes a place, or deletes it, before the registrar answers.
        clock: the time in seconds since 1970, which stays valid when the host restarts.

    Attributes:
        host: as given.
    """

    def __init__(
        self,
        server: netlib.Server,
        register: Register,
        host: HostMemory,
        *,
        keep: Keep = nowhere,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._server, self._register, self._keep, self._clock = server, register, keep, clock
        self.host = host
        server.on_request(ClassJoin)(self._join)
        server.on_request(ClassNews)(self._tell)
        server.on_request(ClassLeave)(self._leave)
        server.on_request(ClassOrder)(self._order)
        server.on(ClassPlays, self._plays)
        server.on(netlib.Paused, lambda event: host.pause())
        server.on(netlib.Started, lambda event: host.go_on())

    # For the board.

    def attendees(self) -> list[Attendee]:
        """All attendees, in the order in which they joined."""
        return self._register.attendees(self._clock())

    def claims(self) -> dict[str, str]:
        """The places that another laptop claims until the host agrees: nickname, and where that laptop is."""
        return self._register.claims(self._clock())

    def obey(self, order: ClassOrder) -> None:
        """Do what a host orders.

        Raises:
            RequestFailed: that is not possible; the text says why.
        """
        place: Place | None = None
        match order.do:
            case "agree":
                place = self._register.agree(order.nickname, self._clock())
            case "lower":
                place = self._register.lower(order.nickname, self._clock())
            case "rename":
                place = self._register.rename(order.nickname, order.text)
            case "forget":
                self._register.forget(order.nickname)
        for nickname in {order.nickname, place.nickname if place else order.nickname}:
            self._server.spawn(self._kept(nickname))

    def _order(self, peer: netlib.Peer, order: ClassOrder) -> None:
        only_host(self._server, peer)
        self.obey(order)

    # For attendees.

    async def _join(self, peer: netlib.Peer, wanted: ClassJoin) -> ClassPlace:
        address = peer.address.rpartition(":")[0]
        place = self._register.join(wanted.nickname, wanted.token, self._clock(), address)
        if place is None:
            return ClassPlace(wanted.nickname, waiting=True)
        await self._kept(place.nickname)
        return ClassPlace(place.nickname, heard=place.heard, step=place.step)

    def _plays(self, peer: netlib.Peer, told: ClassPlays) -> None:
        if not peer.spectator:
            with contextlib.suppress(netlib.RequestFailed):  # then it is a player like any other
                self._register.plays(told.nickname, told.token, peer.id)

    async def _tell(self, peer: netlib.Peer, told: ClassNews) -> ClassPlace:
        place = self._register.tell(told.nickname, told.token, told.news, self._clock())
        await self._kept(place.nickname)
        return ClassPlace(place.nickname, heard=place.heard)

    async def _leave(self, peer: netlib.Peer, left: ClassLeave) -> None:
        await self._kept(self._register.leave(left.nickname, left.token))

    def _kept(self, nickname: str) -> Coroutine[Any, Any, object]:
        """Keep the place as it is now; what is ordered at once is written together, also if the room ends."""
        return self._keep(name_key(nickname), self._register.at(nickname))
