"""`workshop host`: a room for everybody on this network."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time

import click

import netlib
from netlib.interfaces import lan_addresses
from netlib.line import NOBODY, Witness
from netlib.loops import fast_loop
from netlib.wire import PORT
from workshop import console
from workshop.commands.options import link_options, record_option, run_options
from workshop.printer import Printer
from workshop.room_recorder import recorded

HOST_PASSWORD_BYTES = 6  # of randomness in one that we make up: eight letters
STATUS_SECONDS = 10.0  # between two lines about how the room does


def _showable(_: click.Context, __: click.Parameter, name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise click.BadParameter("choose a name that can be shown.")
    return name


@click.command()
@click.option("--name", default="Gem Rush", show_default=True, callback=_showable, help="The room's name.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="TCP port.")
@click.option("--password", default="", help="What players need to join.")
@click.option("--host-password", help="What one needs to command the room; made up when not given.")
@click.option("--max-players", type=click.IntRange(1, 500), default=32, show_default=True, help="Seats.")
@link_options
@run_options
@record_option
def command(
    *,
    name: str,
    port: int,
    password: str,
    host_password: str | None,
    max_players: int,
    link: netlib.LinkConditions,
    seconds: float | None,
    witness: Witness,
) -> int:
    """Host a game that everybody on this network can join."""
    from solutions.step14_public.server import make_server

    host_password = host_password or secrets.token_urlsafe(HOST_PASSWORD_BYTES)
    server = make_server(
        room=name,
        port=port,
        password=password,
        host_password=host_password,
        limits=netlib.Limits(max_players=max_players),
        link=link,
        hosted=True,
    )
    printer = Printer(console.say)
    room = Narrator(server, printer, host_password)
    netlib.run(_host(server, room, seconds, witness=witness, password=password), loop_factory=fast_loop)
    printer.say("The room is closed.")
    return 0


async def _host(
    server: netlib.Server, room: Narrator, seconds: float | None, *, witness: Witness, password: str
) -> None:
    async with contextlib.AsyncExitStack() as end:
        end.enter_context(contextlib.suppress(TimeoutError))
        await end.enter_async_context(server)
        if witness is not NOBODY:
            await end.enter_async_context(recorded(server, witness, password=password, warn=room.log))
        await end.enter_async_context(asyncio.timeout(seconds))
        room.open()
        while True:
            await asyncio.sleep(STATUS_SECONDS)
            room.status()


class Narrator:
    """Tells what happens in a room.

    Args:
        server: the room.
        printer: what prints it.
        host_password: what one needs to command the room.
    """

    def __init__(self, server: netlib.Server, printer: Printer, host_password: str) -> None:
        self._server = server
        self._host_password = host_password
        self._printer = printer
        self._told = ""
        server.on(netlib.Joined, self.joined)
        server.on(netlib.Dropped, self.dropped)
        server.on(netlib.Resumed, self.resumed)
        server.on(netlib.Left, self.left)

    def open(self) -> None:
        """How to join."""
        server = self._server
        port = "" if server.port == PORT else f":{server.port}"
        lines = [f'"{server.name}" is open on port {server.port}. To join, on this network:']
        if server.discoverable_on is not None:
            lines.append(f"    {console.command('join')}")
        lines += [f"    {console.command('join', address + port)}" for address in lan_addresses()]
        lines.append(f"Host password, for who may pause, start and kick: {self._host_password}")
        lines.append("Ctrl-C closes the room.")
        self._printer.say("\n".join(lines))

    def joined(self, event: netlib.Joined) -> None:
        """Somebody came in."""
        kind = " as a spectator" if event.peer.spectator else ""
        self.log(f"{event.peer.name} joined{kind} from {event.peer.address}; {self._count()}")

    def dropped(self, event: netlib.Dropped) -> None:
        """Somebody has lost the connection, and keeps the place for a while."""
        place = f"the place is kept for {self._server.limits.grace_time:g} s"
        self.log(f"{event.peer.name} lost the connection; {place}; {self._count()}")

    def resumed(self, event: netlib.Resumed) -> None:
        """Somebody is back."""
        self.log(f"{event.peer.name} is back from {event.peer.address}; {self._count()}")

    def left(self, event: netlib.Left) -> None:
        """Somebody is gone."""
        why = f" ({event.reason})" if event.reason else ""
        self.log(f"{event.peer.name} left{why}; {self._count()}")

    def status(self) -> None:
        """How the room does, when that has changed: ticks, and everything that was refused."""
        metrics = self._server.metrics
        refused = ", ".join(f"{number} {reason}" for reason, number in sorted(metrics.refused.items()))
        skipped = f"{metrics.ticks_skipped} ticks skipped" if metrics.ticks_skipped else "no tick skipped"
        line = f"{self._count()}; {skipped}; refused: {refused or 'nothing'}"
        if line != self._told:
            self._told = line
            self.log(line)

    def _count(self) -> str:
        players = self._server.players
        away = sum(not peer.connected for peer in players)
        gone = f" ({away} away)" if away else ""
        return f"{len(players)} of {self._server.limits.max_players} players{gone}"

    def log(self, line: str) -> None:
        """Tell something, with the time of day."""
        self._printer.say(f"{time.strftime('%H:%M:%S')}  {line}")
