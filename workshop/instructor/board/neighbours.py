"""The other games on this network, for the board."""

import contextlib

import netlib
from netlib.discovery.beacon import Room, is_loopback
from netlib.discovery.discovery import Browser
from netlib.discovery.interfaces import LOOPBACK, answering_host
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.messages import OtherGame, OtherGames

ASK_EVERY = 2.0  # seconds; all day, and Wi-Fi sends broadcasts slowly, so less often than a lobby asks
MOST = 4  # lines, of which the last may count the games that have none


class Neighbours:
    """Looks for other games.

    Args:
        server: the room, which is none of them.
        addresses: where the room is reached.
    """

    def __init__(self, server: netlib.Server, addresses: Addresses) -> None:
        self._server, self._addresses = server, addresses
        self._browser = Browser(interval=ASK_EVERY)

    async def run(self) -> None:
        """Look until cancelled; a room that nobody can find looks for nobody."""
        if self._server.discoverable_on is None:
            return
        with contextlib.suppress(OSError):  # the system gives no socket: then there is nothing to show
            async with self._browser:
                await self._server.wait_stopped()

    def now(self) -> OtherGames:
        """Those that somebody plays, the fullest first, and those of many rooms: others may open one."""
        ours = self._server.info().id
        found = [room for room in self._browser.rooms if room.id != ours and self._is_shown(room)]
        found.sort(key=lambda room: -room.players)
        shown = found if len(found) <= MOST else found[: MOST - 1]
        return OtherGames([_told(room) for room in shown], len(found) - len(shown))

    def _is_shown(self, room: Room) -> bool:
        """Whether somebody plays there or may open a room, and attendees reach it: not by loopback.

        Unless all of them are on this machine.
        """
        is_reached = not is_loopback(room.host) or answering_host(self._addresses.current) == LOOPBACK
        return is_reached and (room.players > 0 or room.rooms is not None)


def _told(room: Room) -> OtherGame:
    return OtherGame(room.name, room.address, room.players, room.rooms)
