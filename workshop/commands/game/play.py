"""`workshop play`: a whole game in one command: a server, some bots, and a window."""

from contextlib import ExitStack
from typing import Any

import click

import netlib
from workshop.commands.options import link_options, record_option, run_options, window_options
from workshop.processes.children import READY, running
from workshop.terminal import console


@click.command()
@click.option(
    "--bots", type=click.IntRange(0, 31), default=3, show_default=True, metavar="N", help="How many bots."
)
@window_options
@link_options
@run_options
@record_option
def command(*, bots: int, name: str, **options: Any) -> int:
    """Play now: a server, some bots and a window.

    Everybody else on this network can join. The simulated network conditions are those of this window; the
    bots play on a perfect link.
    """
    from solutions.step14_public import client

    with ExitStack() as children:
        room = f"{name}'s game"
        server = children.enter_context(
            running("solutions.step14_public.server", "--next-port", "--first-is-host", f"--name={room}")
        )
        port = int(server.wait_for(READY)[1])
        console.say(f'"{room}" is open on port {port}. Others here can join: {console.command("join")}')
        url = f"ws://localhost:{port}"
        if bots:
            children.enter_context(running("workshop", "bots", str(bots), url))
        return netlib.run(client.run(url, name=name, **options)) or 0
