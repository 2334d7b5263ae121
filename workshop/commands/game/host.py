"""`workshop host`: a room for everyone on this network."""

import asyncio
import contextlib
import logging
import random
import re
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click
from websockets.exceptions import InvalidURI

import netlib
from netlib.client.dial import Witness
from netlib.protocol.frames import PORT
from netlib.session.names import readable
from netlib.transport.address import read_address
from netlib.transport.loops import fast_loop
from workshop.commands.course.saving import FILE
from workshop.commands.options import link_options, record_option, run_options
from workshop.game.rules.maps import make_map
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.narrator import Narrator
from workshop.instructor.board.opening import open_room
from workshop.instructor.classroom.host_memory import HostMemory
from workshop.instructor.classroom.registrar import Registrar
from workshop.instructor.classroom.report import export
from workshop.processes.children import READY, running
from workshop.terminal import console
from workshop.terminal.keyboard import Pressed, keyboard
from workshop.terminal.printer import Printer
from workshop.terminal.status_line import StatusPrinter

BROADCAST = ip_address("255.255.255.255")
STATUS_SECONDS = 10.0  # between two status lines in a file
LIVE_SECONDS = 0.2  # between two looks at the keys, and at the status line of a terminal


def _showable(_: click.Context, __: click.Parameter, name: str) -> str:
    if not name.strip() or readable(name) != name:
        raise click.BadParameter("choose a name that can be shown.")
    return name


def _reachable(_: click.Context, __: click.Parameter, typed: str) -> str:
    if not typed:
        return ""
    try:
        found = read_address(typed)
    except (ValueError, InvalidURI):
        found = None
    if found is None or not re.fullmatch(r"[\w.:%-]+", found.host):
        raise click.BadParameter(f"{typed!r} is not an address; try 192.168.1.5.")
    with contextlib.suppress(ValueError):  # a name is no IP address
        at = ip_address(found.host)
        if at.is_unspecified or at.is_multicast or at == BROADCAST:
            raise click.BadParameter(f"{typed} is the address of no single machine; try 192.168.1.5.")
    if found.port != PORT:
        raise click.BadParameter("give it without a port; the port is --port.")
    return found.host


@click.command()
@click.option(
    "--name", "room", default="Gem Rush", show_default=True, callback=_showable, help="The room's name."
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="TCP port.")
@click.option(
    "--address",
    default="",
    callback=_reachable,
    metavar="ADDRESS",
    help="Tell people this address of the room; the likeliest of this machine when not given.",
)
@click.option("--password", default="", help="What players need to join.")
@click.option("--host-password", help="The password to command the room; else the class's, or a new one.")
@click.option("--max-players", type=click.IntRange(1, 500), default=32, show_default=True, help="Seats.")
@click.option(
    "--class", "class_file", type=FILE, help="Keep the class in this file: a restarted host loses nothing."
)
@click.option(
    "--export", "report", type=FILE, help="Write the class's times per step as CSV, and end. With --class."
)
@click.option(
    "--bundle",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Give the room this folder, which `bundle` has made: for laptops without internet.",
)
@link_options
@run_options
@record_option
def command(
    *,
    address: str,
    password: str,
    host_password: str | None,
    max_players: int,
    class_file: Path | None,
    report: Path | None,
    bundle: Path | None,
    seconds: float | None,
    witness: Witness,
    **options: Any,
) -> int:
    """Host a game that everybody on this network can join."""
    if report is not None:
        return _export(class_file, report)
    from solutions.step14_public.server import make_server

    seed = random.SystemRandom().randrange(1, 2**31)
    limits, host = netlib.Limits(max_players=max_players), HostMemory(host_password or "")
    server = make_server(
        **options, password=password, host_password=host.opens, limits=limits, hosted=True, seed=seed
    )
    addresses, printer = Addresses(server, address), _printer()
    told = Narrator(server, printer, host, addresses)
    room = open_room(
        server,
        make_map(seed),
        class_file=class_file,
        password=password,
        witness=witness,
        warn=told.log,
        addresses=addresses,
        host=host,
    )
    with serving(bundle) as told.bundle_port, keyboard(wanted=told.live) as pressed:
        netlib.run(_host(room, told, pressed, seconds), loop_factory=fast_loop)
    told.close()
    return 0


def _printer() -> Printer:
    """Prints into a file, or beside a log, line by line."""
    live = sys.stdout.isatty() and not logging.getLogger("netlib").hasHandlers()
    return StatusPrinter() if live else Printer(console.say)


@contextlib.contextmanager
def serving(bundle: Path | None) -> Iterator[int | None]:
    """Serve a bundle from a process of its own, so that no download delays a tick; gives its port."""
    if bundle is None:
        yield None
        return
    with running("workshop.bundle.serve", str(bundle.absolute())) as child:
        yield int(child.wait_for(READY)[1])


def _export(class_file: Path | None, report: Path) -> int:
    if class_file is None:
        raise click.UsageError("--export needs --class FILE: the file in which the class was kept.")
    console.ok(export(class_file, report))
    return 0


async def _host(
    room: contextlib.AbstractAsyncContextManager[Registrar],
    told: Narrator,
    pressed: Pressed | None,
    seconds: float | None,
) -> None:
    told.has_keys = pressed is not None
    with contextlib.suppress(TimeoutError):
        async with room as told.room_class, asyncio.timeout(seconds):
            told.open()
            while True:
                await asyncio.sleep(LIVE_SECONDS if told.live else STATUS_SECONDS)
                if pressed is not None and "a" in pressed().lower():
                    told.open()
                told.status()
