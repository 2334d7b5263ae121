"""Sends boards and desks a table of all players and attendees once a second."""

import asyncio
import time
from collections import defaultdict

from msgspec.structs import replace

import netlib
from netlib.play.metrics import LinkMetrics
from netlib.session.names import name_key
from workshop.game.rules.messages import PlayingAs
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.bots import RoomBots
from workshop.instructor.board.messages import Row, Table, Watch
from workshop.instructor.board.neighbours import Neighbours
from workshop.instructor.board.progress import progress
from workshop.instructor.board.quality import conditions_in_words, quality
from workshop.instructor.board.screen import Screen, step_words
from workshop.instructor.classroom.register import Attendee
from workshop.instructor.classroom.registrar import Registrar

SECONDS = 1.0  # between two tables


class TableFeed:
    """The table, for every board and desk that has asked for it.

    Args:
        server: the room.
        registrar: knows the attendees, and who claims whose place.
        bots: those that the host wants.
        screen: what the host has put on the board.
        addresses: where the room is reached.
        neighbours: knows the other games on this network.
    """

    def __init__(
        self,
        server: netlib.Server,
        registrar: Registrar,
        bots: RoomBots,
        screen: Screen,
        addresses: Addresses,
        neighbours: Neighbours,
    ) -> None:
        self._server, self._registrar, self._bots = server, registrar, bots
        self._screen, self._addresses, self._neighbours = screen, addresses, neighbours
        self._kinds: dict[int, str] = {}
        self._watchers: set[netlib.Peer] = set()
        self._measured: defaultdict[int, LinkMetrics] = defaultdict(LinkMetrics)
        server.on_request(Watch)(self._watch)
        server.on_request(PlayingAs)(self._playing_as)
        server.on(netlib.Left, self._left)

    async def run(self) -> None:
        """Send a table each second, until cancelled; make none while no board watches."""
        while True:
            await asyncio.sleep(SECONDS)
            self._measure()
            watchers = [peer for peer in self._watchers if peer.connected]
            if watchers:
                table = self.table()
                for peer in watchers:
                    peer.send(table)

    def table(self) -> Table:
        """The table now: the class first, then the other players."""
        screen, attendees = self._screen.at(time.time()), self._registrar.attendees()
        return Table(
            self._rows(attendees),
            progress(attendees, screen.step),
            screen,
            claims=list(self._registrar.claims()),
            bots=self._bots.wanted,
            link=conditions_in_words(self._server.link),
            host=self._host(),
            address=self._addresses.current,
            others=self._neighbours.now(),
        )

    def _rows(self, attendees: list[Attendee]) -> list[Row]:
        """An attendee is the player whom their window has named, or else the one with their nickname."""
        playing = {peer.id: peer for peer in self._server.players}
        theirs = {one.nickname: playing.pop(one.player) for one in attendees if one.player in playing}
        named = {name_key(peer.name): peer for peer in playing.values()}
        for one in attendees:
            if one.nickname not in theirs and (peer := named.get(name_key(one.nickname))):
                theirs[one.nickname] = playing.pop(peer.id)
        rows = [_with_class(self._row(one.nickname, theirs.get(one.nickname)), one) for one in attendees]
        return rows + [self._row(peer.name, peer) for peer in playing.values()]

    def _watch(self, peer: netlib.Peer, _: Watch) -> Table:
        self._watchers.add(peer)
        return self.table()

    def _playing_as(self, peer: netlib.Peer, told: PlayingAs) -> None:
        self._kinds[peer.id] = told.kind

    def _host(self) -> str:
        return next((peer.name for peer in self._server.peers if self._server.rights.is_host(peer)), "")

    def _left(self, event: netlib.Left) -> None:
        self._watchers.discard(event.peer)
        self._measured.pop(event.peer.id, None)
        self._kinds.pop(event.peer.id, None)

    def _measure(self) -> None:
        for peer in self._server.players:
            if peer.rtt is not None:
                self._measured[peer.id].answered(peer.rtt)

    def _row(self, name: str, peer: netlib.Peer | None) -> Row:
        if peer is None:
            return Row(name)
        jitter = self._measured[peer.id].jitter
        return Row(
            name,
            id=peer.id,
            kind=self._kinds.get(peer.id, "player"),
            rtt=max(1, round(peer.rtt * 1000)) if peer.rtt is not None else 0,
            jitter=round(jitter * 1000),
            link=conditions_in_words(peer.link),
            player=peer.name if name_key(peer.name) != name_key(name) else "",
            quality=quality(peer.rtt, jitter, connected=peer.connected),
        )


def _with_class(row: Row, one: Attendee) -> Row:
    return replace(
        row,
        member=True,
        step=step_words(one.step),
        state=one.state,
        words=one.words,
        seconds=int(one.seconds),
    )
