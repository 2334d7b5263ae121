"""Lobby and game, in turn: a player looks for a room, plays there, and looks again."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import netlib
from netlib.discovery.interfaces import LOOPBACK, broadcast_addresses, scan
from netlib.transport.tcp import host_port
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.window import Window, opened

BrowserT = TypeVar("BrowserT")


async def lobby_and_game(
    browser: Callable[[Sequence[str], Sequence[int], float], AbstractAsyncContextManager[BrowserT]],
    choose: Callable[[Window, Lobby, BrowserT], Awaitable[str]],
    run: Callable[..., Awaitable[int]],
    *,
    name: str,
    host: str | None,
    port: int,
    discovery_ports: Sequence[int],
    ask_every: float,
    loopback: bool,
) -> int:
    """Show lobby and game, in turn, until the player quits. Returns the exit code.

    Args:
        browser: makes what searches, of hosts, UDP ports and the seconds between two questions.
        choose: shows the lobby. Returns an address, or "" when the window is closed.
        run: plays in the room at an address.
        name: the player's.
        host, port: what is in the lobby's line for an address, when there is a host.
        discovery_ports: UDP ports at which rooms answer.
        ask_every: seconds between two questions.
        loopback: look for rooms on this machine alone.
    """
    hosts = [LOOPBACK] if loopback else [LOOPBACK, *broadcast_addresses(scan())]
    lobby = Lobby(host_port(host, port) if host else "")
    with opened("Gem Rush", seen=True) as window:
        while not window.closed:
            async with browser(hosts, discovery_ports, ask_every) as searching:
                url = await choose(window, lobby, searching)
            if not url:
                break
            window.set_typing(False)
            lobby.problem = "The room has closed."
            try:
                await run(url, name=name)
            except netlib.NetlibError as error:
                lobby.problem = str(error)
    return 0
