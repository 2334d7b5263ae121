"""Records a whole room: a spectator inside the host's program writes down what spectators see."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Callable

import netlib
from netlib.client.dial import Witness
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES

NAME = "recorder"  # its name in the room


@contextlib.asynccontextmanager
async def recorded(
    server: netlib.Server, witness: Witness, *, password: str = "", warn: Callable[[str], object]
) -> AsyncIterator[None]:
    """Let a recorder watch an open room for the length of the block. It takes no player's seat.

    Args:
        witness: writes it down.
        password: the room's.
        warn: hears if it can no longer watch; the room goes on without it.
    """
    watching = asyncio.create_task(_watch(f"ws://127.0.0.1:{server.port}", witness, password, warn))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(url: str, witness: Witness, password: str, warn: Callable[[str], object]) -> None:
    client = netlib.connect(
        url,
        name=NAME,
        password=password,
        spectator=True,
        messages=MESSAGES,
        schema=SCHEMA,
        codec=netlib.MSGPACK,
        reconnect_time=math.inf,
        witness=witness,
    )
    try:
        async with client:
            async for happened in client:
                if isinstance(happened, netlib.Disconnected):
                    warn(f"The room is not recorded any more: {happened.reason or happened.code}.")
    except Exception as error:  # whatever it is, the room goes on
        warn(f"The room is not recorded: {error}")
