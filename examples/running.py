"""What the examples share: their options, a server beside a window, its frames, and a good end."""

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pygame

import netlib
from netlib.rooms import RoomServer

Options = argparse.Namespace
Serve = Callable[[int], netlib.Server | RoomServer]
Play = Callable[[str, Options], Coroutine[Any, Any, object]]


def run(package: str, about: str, serve: Serve, play: Play) -> None:
    """Run an example by its command line. What goes wrong on the network is said in a sentence.

    Args:
        package: its name, such as ``examples.pong``.
        about: what it is, for ``--help``.
        serve: makes its server, for a port.
        play: opens its window on the server at an address; `name` and `link` of its options are for it. It
            is cancelled when `seconds` are over.
    """
    logging.basicConfig(level="INFO", format="%(message)s")
    logging.getLogger("websockets").setLevel("WARNING")  # else it tells of each list of rooms
    pygame.font.init()
    try:
        options = _options(package, about)
        pygame.display.set_caption(f"{package.rpartition('.')[2].title()}: {options.name}")
        netlib.run(_main(options, serve, play))
    except netlib.NetlibError as error:
        sys.exit(str(error))
    if options.screenshot and (shown := pygame.display.get_surface()):
        pygame.image.save(shown, options.screenshot)


async def frames(rate: float) -> AsyncIterator[tuple[float, list[pygame.Event]]]:
    """The frames of a window until it is closed; what is drawn in one is shown at its end.

    Args:
        rate: frames per second.

    Yields:
        The seconds since the last frame, and the events since then.
    """
    async for dt in netlib.frames(rate):
        events = pygame.event.get()
        if any(event.type == pygame.QUIT for event in events):
            return
        yield dt, events
        pygame.display.flip()


async def _main(options: Options, serve: Serve, play: Play) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(options.seconds):
            await (play(options.join, options) if options.join else _serve(options, serve, play))


async def _serve(options: Options, serve: Serve, play: Play) -> None:
    async with serve(options.port) as server:
        logging.info("on another computer: --join ADDRESS:%d, with this one's address", server.port)
        await (server.wait_stopped() if options.server else play(f"127.0.0.1:{server.port}", options))


def _options(package: str, about: str) -> Options:
    parser = argparse.ArgumentParser(f"python -m {package}", description=about)
    parser.add_argument("--server", action="store_true", help="a server alone, without a window")
    parser.add_argument("--join", metavar="ADDRESS", help="a window alone, on the server there: 192.168.1.5")
    parser.add_argument("--port", type=int, default=8765, help="of the server (8765)")
    parser.add_argument("--name", default="Ada", help="what the others call you")
    for what, unit in (("latency", "MS"), ("jitter", "MS"), ("loss", "PERCENT")):
        parser.add_argument(f"--{what}", type=float, default=0, metavar=unit, help="simulated, both ways")
    parser.add_argument("--seconds", type=float, help="after which it ends by itself")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save what the window showed last")
    options = parser.parse_args()
    options.link = netlib.LinkConditions(options.latency / 1000, options.jitter / 1000, options.loss / 100)
    return options
