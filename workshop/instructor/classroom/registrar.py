"""The registrar that keeps the class: it answers attendees' requests, and gives the board their progress."""

import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

import netlib
from netlib.session.names import name_key
from workshop.instructor.classroom.host_memory import HostMemory
from workshop.instructor.classroom.messages import (
    ClassJoin,
    ClassLeave,
    ClassNews,
    ClassPlace,
    ClassPlays,
)
from workshop.instructor.classroom.place import Place
from workshop.instructor.classroom.register import Attendee, Claim, Register

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
        server.on(ClassPlays, self._plays)
        server.on(netlib.Paused, lambda event: host.pause())
        server.on(netlib.Started, lambda event: host.go_on())

    # For the board.

    def attendees(self) -> list[Attendee]:
        """All attendees, in the order in which they joined."""
        return self._register.attendees(self._clock())

    def claims(self) -> list[Claim]:
        """The attendees who claim a taken place and wait until the host agrees."""
        return self._register.claims(self._clock())

    def agree(self, nickname: str) -> None:
        """Give the place of that nickname to the laptop that waits for it.

        Raises:
            RequestFailed: no laptop waits for it.
        """
        self._register.agree(nickname, self._clock())
        self._server.spawn(self._kept(nickname))

    def rename(self, nickname: str, name: str) -> None:
        """Give an attendee another nickname.

        Raises:
            RequestFailed: that is not possible; the text says why.
        """
        self._register.rename(nickname, name)
        for each in (nickname, name):
            self._server.spawn(self._kept(each))

    def forget(self, nickname: str) -> None:
        """Remove an attendee and all that the class knows about them; they may join again.

        Raises:
            RequestFailed: there is no attendee with that nickname.
        """
        self._register.forget(nickname)
        self._server.spawn(self._kept(nickname))

    def lower(self, nickname: str) -> None:
        """Lower the hand of an attendee whom the host has helped.

        Raises:
            RequestFailed: there is no attendee with that nickname.
        """
        self._register.lower(nickname, self._clock())
        self._server.spawn(self._kept(nickname))

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
        nickname = self._register.leave(left.nickname, left.token)
        await self._kept(nickname)

    def _kept(self, nickname: str) -> Coroutine[Any, Any, object]:
        """Keep the place as it is now; what is ordered at once is written together, also if the room ends."""
        return self._keep(name_key(nickname), self._register.at(nickname))
