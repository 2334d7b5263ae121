"""How a program of the game runs: its coroutine, its problems in one sentence, its exit code."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, NoReturn

import netlib
from workshop.errors import WorkshopError
from workshop.terminal import console
from workshop.terminal.printer import leave


async def keep_open(server: netlib.Server, seconds: float | None) -> int:
    """Open a room until it is stopped, or for ``seconds``. Returns the exit code.

    Raises:
        netlib.StartError: it could not be opened.
    """
    async with server:
        await stay(server, seconds)
    return 0


async def stay(server: netlib.Server, seconds: float | None) -> None:
    """Say that a room is open, and wait until it is stopped, or for ``seconds``."""
    console.say(f'"{server.name}" is open on port {server.port}.')
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.wait_stopped(), seconds)


def start(program: Coroutine[Any, Any, int]) -> NoReturn:
    """Run a program until its end, and end with the exit code that it returns.

    What the user can mend is told in one sentence, with exit code 2; Ctrl-C is a normal end.

    Raises:
        netlib.WrongArgument, netlib.WrongCall: a mistake in the program, whose line should be seen.
    """
    try:
        code = netlib.run(program) or 0
    except (netlib.WrongArgument, netlib.WrongCall):
        raise
    except (netlib.NetlibError, WorkshopError) as error:
        console.fail(str(error))
        code = 2
    leave(code)
