"""Board and desk at work beside a game: their pages, their feed, and the host's bots and orders."""

import time
from typing import Self

import netlib
from workshop.game.rules.host_commands import only_host
from workshop.game.rules.maps import Map
from workshop.game.rules.messages import Notice
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.bots import RoomBots
from workshop.instructor.board.feed import TableFeed
from workshop.instructor.board.guides import guide_pages
from workshop.instructor.board.messages import BoardOrder, Bots, ChooseAddress, DeskKey, OpenDesk
from workshop.instructor.board.neighbours import Neighbours
from workshop.instructor.board.pages import Make, board_pages
from workshop.instructor.board.screen import Screen
from workshop.instructor.classroom.registrar import Registrar

CLASS_SIZE = 24  # people, as long as the host has not said how many there are


class Board:
    """A room's board. Use it as an async context, inside that of its server.

    Args:
        server: the room.
        map: the map of its game.
        registrar: knows the attendees and their progress, and the host.
        addresses: where the room is reached.
        password: what players need to join, for the host's bots.
        more_pages: pages beside those of the board, by path.
    """

    def __init__(
        self,
        server: netlib.Server,
        map: Map,
        registrar: Registrar,
        addresses: Addresses,
        *,
        password: str = "",
        more_pages: dict[str, Make] | None = None,
    ) -> None:
        self._server, self._host, self._addresses = server, registrar.host, addresses
        on, keep = self._host.data.board, self._host.put_on_board
        self._screen = Screen(on, keep, min(CLASS_SIZE, server.limits.max_players))
        arguments = ("--password", password) if password else ()
        self._bots = RoomBots(lambda: f"ws://localhost:{server.port}", *arguments)
        self._neighbours = Neighbours(server, addresses)
        self._feed = TableFeed(server, registrar, self._bots, self._screen, addresses, self._neighbours)
        more = more_pages or {}
        pages = board_pages(server, map, addresses, slides="/slides/" in more)
        server.pages.update(pages | guide_pages() | more)
        server.on_request(Bots)(self._want_bots)
        server.on_request(BoardOrder)(self._order_board)
        server.on_request(ChooseAddress)(self._choose_address)
        server.on_request(DeskKey)(self._give_key)
        server.on_request(OpenDesk)(self._open_desk)

    async def __aenter__(self) -> Self:
        self._server.spawn(self._feed.run())
        self._server.spawn(self._neighbours.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._bots.want(0)

    def _want_bots(self, peer: netlib.Peer, order: Bots) -> None:
        only_host(self._server, peer)
        self._server.spawn(self._bots.want(order.number))

    def _order_board(self, peer: netlib.Peer, order: BoardOrder) -> None:
        only_host(self._server, peer)
        self._screen.obey(order, peer.name, now := time.time())
        if order.do == "say" and order.text:
            self._server.broadcast(Notice(f"{peer.name}: {self._screen.at(now).word}"))

    def _choose_address(self, peer: netlib.Peer, choice: ChooseAddress) -> None:
        only_host(self._server, peer)
        if choice.address and choice.address not in self._addresses.known():
            why = f"this machine has no address {choice.address} any more"
            raise netlib.RequestFailed("not_possible", why)
        self._addresses.chosen = choice.address

    def _give_key(self, peer: netlib.Peer, _: DeskKey) -> DeskKey:
        only_host(self._server, peer)
        return DeskKey(self._host.new_key())

    def _open_desk(self, peer: netlib.Peer, desk: OpenDesk) -> None:
        if not self._host.knows(desk.key):
            why = "this room does not know your desk; type the host's password"
            raise netlib.RequestFailed("desk_key", why)
        self._server.rights.appoint(peer)
