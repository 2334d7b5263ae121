"""Board and desk at work beside a game: their pages, their feed, and the host's bots and orders."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, Self

import netlib
from workshop.game.rules.host_commands import only_host
from workshop.game.rules.maps import Map
from workshop.game.rules.messages import Notice
from workshop.instructor.board.bots import RoomBots
from workshop.instructor.board.feed import SECONDS, TableFeed
from workshop.instructor.board.guides import guide_pages
from workshop.instructor.board.messages import BoardOrder, Bots, ClassOrder
from workshop.instructor.board.pages import Make, board_pages
from workshop.instructor.board.screen import Screen
from workshop.instructor.classroom.register import Attendee, Claim


class Class(Protocol):
    """What the board needs of a class; `workshop.instructor.classroom.registrar.Registrar` is one."""

    def attendees(self) -> list[Attendee]: ...
    def claims(self) -> list[Claim]: ...
    def agree(self, nickname: str) -> object: ...
    def forget(self, nickname: str) -> object: ...
    def lower(self, nickname: str) -> object: ...


class Board:
    """A room's board. Use it as an async context, inside that of its server.

    Args:
        server: the room.
        map: the map of its game.
        room_class: the attendees and their progress.
        password: what players need to join, for the host's bots.
        more_pages: pages beside those of the board, by path.
        tell: hears in one sentence what the host should do.
    """

    def __init__(
        self,
        server: netlib.Server,
        map: Map,
        room_class: Class,
        *,
        password: str = "",
        more_pages: dict[str, Make] | None = None,
        tell: Callable[[str], object],
    ) -> None:
        self._server, self._class, self._tell = server, room_class, tell
        self._screen = Screen(server.limits.max_players)
        arguments = ("--password", password) if password else ()
        self._bots = RoomBots(lambda: f"ws://localhost:{server.port}", *arguments)
        self._feed = TableFeed(
            server,
            attendees=room_class.attendees,
            claims=lambda: (claim.nickname for claim in room_class.claims()),
            bots=lambda: self._bots.wanted,
            screen=self._screen,
        )
        more = more_pages or {}
        server.pages.update(board_pages(server, map, slides="/slides/" in more) | guide_pages() | more)
        server.on_request(Bots)(self._want_bots)
        server.on_request(ClassOrder)(self._order_class)
        server.on_request(BoardOrder)(self._order_board)

    async def __aenter__(self) -> Self:
        self._server.spawn(self._feed.run())
        self._server.spawn(self._tell_claims())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bots.close()

    def _want_bots(self, peer: netlib.Peer, order: Bots) -> None:
        only_host(self._server, peer)
        self._server.spawn(self._bots.want(order.number))

    def _order_class(self, peer: netlib.Peer, order: ClassOrder) -> None:
        only_host(self._server, peer)
        match order.do:
            case "agree":
                self._class.agree(order.nickname)
            case "forget":
                self._class.forget(order.nickname)
            case "lower":
                self._class.lower(order.nickname)

    def _order_board(self, peer: netlib.Peer, order: BoardOrder) -> None:
        only_host(self._server, peer)
        self._screen.obey(order, peer.name, now := time.monotonic())
        if order.do == "say" and order.text:
            self._server.broadcast(Notice(f"{peer.name}: {self._screen.at(now).word}"))

    async def _tell_claims(self) -> None:
        """Tell each claim once, until cancelled: the host may look at the terminal, and not at the desk."""
        known: set[str] = set()
        while True:
            claims = {claim.nickname for claim in self._class.claims()}
            for nickname in sorted(claims - known):
                self._tell(f'"{nickname}" is back with another laptop. Agree at the desk, or wait.')
            known = claims
            await asyncio.sleep(SECONDS)
