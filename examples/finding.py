"""Finding a game's room on this network, for ``--join`` without an address."""

import asyncio
from collections.abc import Sequence

import netlib

SEARCH_TIME = 2.2  # seconds, in which three questions are asked


class NoRoom(Exception):
    """There is no room, or nobody knows which one is meant. The text has several lines, and says what to do."""


async def find(game: str, command: str) -> str:
    """The address of the one room of a game on this network.

    Args:
        game: the name that its server has.
        command: what starts the program, for the advice.

    Raises:
        NoRoom: there is none, or there are several; the text says what to do.
    """
    async with netlib.Browser() as browser:
        await asyncio.sleep(SEARCH_TIME)
        return choose(browser.rooms, browser.problem, game, command).address


def choose(rooms: Sequence[netlib.Room], problem: str | None, game: str, command: str) -> netlib.Room:
    """The one room of a game among those that were found.

    Args:
        problem: what kept us from searching, if anything did.
        game, command: as for `find`.

    Raises:
        NoRoom: as for `find`.
    """
    ours = [room for room in rooms if room.name == game]
    if not ours:
        raise NoRoom(_nothing_found(rooms, problem, game, command))
    if len(ours) > 1:
        which = f"Say which one, for example: {command} --join {ours[0].address}"
        raise NoRoom(f"Several rooms of {game} are open:\n{_listed(ours)}\n{which}")
    return ours[0]


def _listed(rooms: Sequence[netlib.Room]) -> str:
    return "\n".join(f"  {it.address}  {it.name}, {it.players} of {it.max_players} players" for it in rooms)


def _nothing_found(rooms: Sequence[netlib.Room], problem: str | None, game: str, command: str) -> str:
    nobody = f"No room of {game} answered on this network."
    why = f"Could not look for rooms: {problem}." if problem else nobody
    others = [f"These did, but they are of other games:\n{_listed(rooms)}"] if rooms else []
    return "\n".join(
        [
            why,
            *others,
            "Likely nobody has started one, you are on another network (a guest Wi-Fi, a VPN), or a firewall",
            "blocks UDP 8766 to 8769, by which rooms are found.",
            f"Try the address of the other computer, for example: {command} --join 192.168.1.5",
            f"Or open a room yourself: {command}",
        ]
    )
