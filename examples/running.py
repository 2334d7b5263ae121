"""The program round a game: its server, its window and its bots, or some of them, and a good end.

What the command line offers is in `options.py`, and how a room is found in `finding.py`.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, Protocol

import pygame

import netlib
from examples.finding import NoRoom, find
from examples.options import Options, read_options
from netlib.recording import Recorder
from netlib.rooms import RoomServer

__all__ = ["Options", "frames", "run", "title"]

log = logging.getLogger(__name__)

Server = netlib.Server | RoomServer
Play = Callable[[str, Options], Coroutine[Any, Any, object]]
Bot = Callable[[str, str], Coroutine[Any, Any, object]]


class Serve(Protocol):
    """Makes a game's server, with two of `netlib.Server`'s options."""

    def __call__(self, *, port: int, next_port: bool) -> Server: ...


def run(package: str, about: str | None, serve: Serve, play: Play, bot: Bot | None = None) -> None:
    """Run a game by its command line. What goes wrong on the network is said in a sentence.

    Args:
        package: its name, such as ``my_game``.
        about: what it is, for ``--help``.
        serve: makes its server. By the server's name its rooms are found.
        play: opens its window on the server at an address; `connection` of its options is for
            `netlib.connect`. It is cancelled when `seconds` are over.
        bot: plays without a window on the server at an address, under a name, until that is gone.
    """
    logging.basicConfig(level="INFO", format="%(message)s")
    logging.getLogger("websockets").setLevel("WARNING")  # else it tells of each list of rooms
    pygame.font.init()
    try:
        options, command = read_options(package, about, bots=bot is not None), f"python -m {package}"
        pygame.display.set_caption(f"{title(package)}: {options.name}")
        with _recorded(options):
            netlib.run(_main(options, serve(**options.place), command, play, bot))
    except (netlib.NetlibError, NoRoom) as error:
        sys.exit(str(error))
    if options.screenshot and (shown := pygame.display.get_surface()):
        _save(shown, options.screenshot)


def title(package: str) -> str:
    """What a game is called: "Space Race" for ``my.space_race``."""
    return package.rpartition(".")[2].replace("_", " ").title()


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


def _save(shown: pygame.Surface, file: str) -> None:
    try:
        pygame.image.save(shown, file)
    except (pygame.error, OSError) as error:
        sys.exit(f"cannot save the picture {file}: {error}")


@contextlib.contextmanager
def _recorded(options: Options) -> Iterator[None]:
    """Record what the window's client sends and gets, if that was asked for.

    Raises:
        netlib.recording.RecordingError: the file cannot be made, or there is one already.
    """
    if not options.record:
        yield
        return
    with Recorder(options.record) as options.connection["witness"]:
        yield
    if Path(options.record).exists():  # not when nobody was connected
        log.info("recorded in %s", options.record)


async def _main(options: Options, server: Server, command: str, play: Play, bot: Bot | None) -> None:
    if options.join is not None:
        address = options.join or await find(server.name, command)
        await _for(options.seconds, _with_bots(options.bots, bot, address, play(address, options)))
        return
    async with server:
        log.info("on another computer: %s --join", command)
        log.info("or, with this one's address: %s --join ADDRESS:%d", command, server.port)
        address = f"127.0.0.1:{server.port}"
        game = server.wait_stopped() if options.server else play(address, options)
        await _for(options.seconds, _with_bots(options.bots, bot, address, game))


async def _for(seconds: float | None, program: Coroutine[Any, Any, object]) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await program


async def _with_bots(count: int, bot: Bot | None, address: str, game: Coroutine[Any, Any, object]) -> None:
    """Let so many bots play at an address until the game has ended."""
    names = [f"Bot {number}" for number in range(1, count + 1)] if bot else []
    bots = [asyncio.create_task(_played(bot, address, name)) for name in names if bot]
    try:
        await game
    finally:
        for task in bots:
            task.cancel()
        await asyncio.gather(*bots, return_exceptions=True)


async def _played(bot: Bot, address: str, name: str) -> None:
    """Let a bot play. Whatever goes wrong with it is told, and disturbs nobody else."""
    try:
        await bot(address, name)
    except netlib.NetlibError as error:
        log.warning("%s cannot play: %s", name, error)
    except Exception:
        log.exception("%s has failed", name)
