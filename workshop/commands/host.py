"""`workshop host`: a room for everybody on this network."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import time
from pathlib import Path

import click

import netlib
from netlib.interfaces import lan_addresses
from netlib.line import Witness
from netlib.loops import fast_loop
from netlib.wire import PORT
from workshop import console
from workshop.board.opening import open_room
from workshop.board.pages import board_url
from workshop.classroom.report import export
from workshop.commands.options import link_options, record_option, run_options
from workshop.game.maps import make_map
from workshop.printer import Printer

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
@click.option(
    "--class",
    "class_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the class in this file, so that a restarted host loses nothing.",
)
@click.option(
    "--export",
    "report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the class's times per step as CSV, and end. With --class.",
)
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
    class_file: Path | None,
    report: Path | None,
    link: netlib.LinkConditions,
    seconds: float | None,
    witness: Witness,
) -> int:
    """Host a game that everybody on this network can join."""
    if report is not None:
        return _export(class_file, report)
    from solutions.step14_public.server import make_server

    host_password = host_password or secrets.token_urlsafe(HOST_PASSWORD_BYTES)
    seed = random.SystemRandom().randrange(1, 2**31)
    server = make_server(
        room=name,
        port=port,
        password=password,
        host_password=host_password,
        limits=netlib.Limits(max_players=max_players),
        link=link,
        hosted=True,
        seed=seed,
    )
    printer = Printer(console.say)
    told = Narrator(server, printer, host_password)
    room = open_room(
        server, make_map(seed), class_file=class_file, password=password, witness=witness, warn=told.log
    )
    netlib.run(_host(room, told, seconds), loop_factory=fast_loop)
    printer.say("The room is closed.")
    return 0


def _export(class_file: Path | None, report: Path) -> int:
    if class_file is None:
        raise click.UsageError("--export needs --class FILE: the file in which the class was kept.")
    console.ok(export(class_file, report))
    return 0


async def _host(
    room: contextlib.AbstractAsyncContextManager[None], told: Narrator, seconds: float | None
) -> None:
    with contextlib.suppress(TimeoutError):
        async with room, asyncio.timeout(seconds):
            told.open()
            while True:
                await asyncio.sleep(STATUS_SECONDS)
                told.status()


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
        lines.append(f"Board, for the projector: {board_url(server)}")
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
