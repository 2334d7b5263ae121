"""`workshop host`: a room for everybody on this network."""

from __future__ import annotations

import asyncio
import contextlib
import time

import click

import netlib
from netlib.interfaces import lan_addresses
from netlib.server import PORT
from workshop import console
from workshop.commands.options import link_options, run_options

STATUS_SECONDS = 10.0  # between two lines about how the room does


@click.command()
@click.option("--name", default="Gem Rush", show_default=True, help="The room's name.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True)
@click.option("--password", default="", help="What players need to join.")
@link_options
@run_options
def command(
    *, name: str, port: int, password: str, link: netlib.LinkConditions, seconds: float | None
) -> int:
    """Host a game that everybody on this network can join."""
    from solutions.step14_public.server import make_server

    server = make_server(room=name, port=port, password=password, link=link, hosted=True)
    netlib.run(_host(server, seconds))
    console.say("The room is closed.")
    return 0


async def _host(server: netlib.Server, seconds: float | None) -> None:
    room = Narrator(server)
    with contextlib.suppress(TimeoutError):
        async with server, asyncio.timeout(seconds):
            await room.open()
            while True:
                await asyncio.sleep(STATUS_SECONDS)
                await room.status()


class Narrator:
    """Says in the terminal what happens in a room.

    It prints from another thread: a terminal in which somebody selects text holds up whoever prints, on
    Windows above all, and the room must go on.
    """

    def __init__(self, server: netlib.Server) -> None:
        self._server = server
        self._told = ""
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Left, self.left)

    async def open(self) -> None:
        """How to join."""
        server = self._server
        port = "" if server.port == PORT else f":{server.port}"
        lines = [f'"{server.name}" is open on port {server.port}. To join, on this network:']
        if server.discoverable_on is not None:
            lines.append(f"    {console.command('join')}")
        lines += [f"    {console.command('join', address + port)}" for address in lan_addresses()]
        lines.append("Ctrl-C closes the room.")
        await self._say("\n".join(lines))

    async def joined(self, event: netlib.Joined) -> None:
        """Somebody came in."""
        kind = " as a spectator" if event.peer.spectator else ""
        await self._log(f"{event.peer.name} joined{kind} from {event.peer.address}; {self._count()}")

    async def left(self, event: netlib.Left) -> None:
        """Somebody is gone."""
        why = f" ({event.reason})" if event.reason else ""
        await self._log(f"{event.peer.name} left{why}; {self._count()}")

    async def status(self) -> None:
        """How the room does, when that has changed: ticks, and everything that was refused."""
        metrics = self._server.metrics
        refused = ", ".join(f"{number} {reason}" for reason, number in sorted(metrics.refused.items()))
        skipped = f"{metrics.ticks_skipped} ticks skipped" if metrics.ticks_skipped else "no tick skipped"
        line = f"{self._count()}; {skipped}; refused: {refused or 'nothing'}"
        if line != self._told:
            self._told = line
            await self._log(line)

    def _count(self) -> str:
        players = len(self._server.players)
        return f"{players} of {self._server.limits.max_players} players"

    async def _log(self, line: str) -> None:
        await self._say(f"{time.strftime('%H:%M:%S')}  {line}")

    async def _say(self, text: str) -> None:
        await asyncio.to_thread(console.say, text)
