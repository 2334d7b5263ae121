"""The board at work beside a game: its pages, its feed, and the host's bots and orders."""

from typing import Protocol, Self

import netlib
from workshop.game.rules.host_commands import only_host
from workshop.game.rules.maps import Map
from workshop.instructor.board.bots import RoomBots
from workshop.instructor.board.feed import TableFeed
from workshop.instructor.board.guides import guide_pages
from workshop.instructor.board.messages import Bots, ClassOrder
from workshop.instructor.board.pages import Make, board_pages
from workshop.instructor.classroom.register import Attendee, Claim


class Class(Protocol):
    """What the board needs of a class; `workshop.instructor.classroom.registrar.Registrar` is one."""

    def attendees(self) -> list[Attendee]: ...
    def claims(self) -> list[Claim]: ...
    def agree(self, nickname: str) -> object: ...
    def forget(self, nickname: str) -> object: ...


class Board:
    """A room's board. Use it as an async context, inside that of its server.

    Args:
        server: the room.
        map: the map of its game.
        room_class: the attendees and their progress.
        password: what players need to join, for the host's bots.
        more_pages: pages beside those of the board, by path.
    """

    def __init__(
        self,
        server: netlib.Server,
        map: Map,
        room_class: Class,
        *,
        password: str = "",
        more_pages: dict[str, Make] | None = None,
    ) -> None:
        self._server, self._class = server, room_class
        arguments = ("--password", password) if password else ()
        self._bots = RoomBots(lambda: f"ws://localhost:{server.port}", *arguments)
        self._feed = TableFeed(
            server,
            attendees=room_class.attendees,
            claims=lambda: (claim.nickname for claim in room_class.claims()),
            bots=lambda: self._bots.wanted,
        )
        more = more_pages or {}
        server.pages.update(board_pages(server, map, slides="/slides/" in more) | guide_pages() | more)
        server.on_request(Bots)(self._want_bots)
        server.on_request(ClassOrder)(self._order_class)

    async def __aenter__(self) -> Self:
        self._server.spawn(self._feed.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bots.close()

    def _want_bots(self, peer: netlib.Peer, order: Bots) -> None:
        only_host(self._server, peer)
        self._server.spawn(self._bots.want(order.number))

    def _order_class(self, peer: netlib.Peer, order: ClassOrder) -> None:
        only_host(self._server, peer)
        if order.do == "agree":
            self._class.agree(order.nickname)
        else:
            self._class.forget(order.nickname)
