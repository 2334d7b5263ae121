"""What the examples share: their options, a server beside a window, and a good end."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pygame

import netlib

Play = Callable[[str, argparse.Namespace], Coroutine[Any, Any, object]]


def run(about: str, serve: Callable[[int], netlib.Server], play: Play) -> None:
    """Run an example by its command line. What goes wrong on the network is said in a sentence.

    Args:
        about: what it is, for ``--help``.
        serve: makes its server, for a port.
        play: opens its window on the server at an address; `name`, `link`, `seconds` and `screenshot` of
            its options are for it.
    """
    logging.basicConfig(level="INFO", format="%(message)s")
    package = play.__module__.rpartition(".")[0]
    options = _options(about, package)
    pygame.display.set_caption(f"{package.rpartition('.')[2].title()}: {options.name}")
    try:
        netlib.run(_main(options, serve, play))
    except netlib.NetlibError as error:
        sys.exit(str(error))


async def _main(options: argparse.Namespace, serve: Callable[[int], netlib.Server], play: Play) -> None:
    if options.join:
        await play(options.join, options)
        return
    async with serve(options.port) as server:
        logging.info("on another computer: --join ADDRESS:%d, with this one's address", server.port)
        await (
            asyncio.sleep(options.seconds) if options.server else play(f"127.0.0.1:{server.port}", options)
        )


def _options(about: str, package: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(f"python -m {package}", description=about)
    parser.add_argument("--server", action="store_true", help="a server alone, without a window")
    parser.add_argument("--join", metavar="ADDRESS", help="a window alone, on the server there: 192.168.1.5")
    parser.add_argument("--port", type=int, default=8765, help="of the server (8765)")
    parser.add_argument("--name", default="Ada", help="what the others call you")
    parser.add_argument(
        "--latency", type=float, default=0, metavar="MS", help="simulated, both ways together"
    )
    parser.add_argument("--jitter", type=float, default=0, metavar="MS", help="simulated, up and down")
    parser.add_argument("--loss", type=float, default=0, metavar="PERCENT", help="simulated")
    parser.add_argument("--seconds", type=float, default=1e6, help="after which it ends by itself")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save what the window showed last")
    options = parser.parse_args()
    options.link = netlib.LinkConditions(options.latency / 1000, options.jitter / 1000, options.loss / 100)
    return options
