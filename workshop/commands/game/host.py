"""`workshop host`: a room for everyone on this network."""

import asyncio
import contextlib
import random
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import netlib
from netlib.client.dial import Witness
from netlib.protocol.frames import PORT
from netlib.session.names import readable
from netlib.transport.loops import fast_loop
from workshop.commands.options import link_options, record_option, run_options
from workshop.game.rules.maps import make_map
from workshop.instructor.board.narrator import Narrator
from workshop.instructor.board.opening import open_room
from workshop.instructor.classroom.report import export
from workshop.processes.children import READY, running
from workshop.terminal import console
from workshop.terminal.printer import Printer

HOST_PASSWORD_BYTES = 6  # of randomness in a password that we make up: eight letters
STATUS_SECONDS = 10.0  # between two status lines


def _showable(_: click.Context, __: click.Parameter, name: str) -> str:
    if not name.strip() or readable(name) != name:
        raise click.BadParameter("choose a name that can be shown.")
    return name


@click.command()
@click.option(
    "--name", "room", default="Gem Rush", show_default=True, callback=_showable, help="The room's name."
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="TCP port.")
@click.option("--password", default="", help="What players need to join.")
@click.option("--host-password", help="The password to command the room; made up when not given.")
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

    host_password = host_password or secrets.token_urlsafe(HOST_PASSWORD_BYTES)
    seed = random.SystemRandom().randrange(1, 2**31)
    limits = netlib.Limits(max_players=max_players)
    server = make_server(
        **options, password=password, host_password=host_password, limits=limits, hosted=True, seed=seed
    )
    printer = Printer(console.say)
    told = Narrator(server, printer, host_password)
    room = open_room(
        server, make_map(seed), class_file=class_file, password=password, witness=witness, warn=told.log
    )
    with serving(bundle) as told.bundle_port:
        netlib.run(_host(room, told, seconds), loop_factory=fast_loop)
    printer.say("The room is closed.")
    return 0


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
    room: contextlib.AbstractAsyncContextManager[None], told: Narrator, seconds: float | None
) -> None:
    with contextlib.suppress(TimeoutError):
        async with room, asyncio.timeout(seconds):
            told.open()
            while True:
                await asyncio.sleep(STATUS_SECONDS)
                told.status()
