"""Coming back after the connection was lost: one try after another, until it works or makes no sense."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from netlib.backoff import Backoff
from netlib.errors import ConnectError, ConnectionLost, Refused, RoomFull
from netlib.loops import clock
from netlib.session import is_final


class Reconnecting(msgspec.Struct, frozen=True):
    """How coming back goes; times are those of `netlib.clock`.

    Args:
        since: when the connection was lost.
        tries: how many times we have tried, or are about to.
        next_try: when the newest try begins.
        reason: why the connection was lost, or why the last try failed.
    """

    since: float
    tries: int
    next_try: float
    reason: str


async def come_back(
    connect: Callable[[], Awaitable[None]],
    show: Callable[[Reconnecting | None], None],
    reason: str,
    patience: float,
    seed: int | None,
) -> None:
    """Try to connect until it works: at once, then after growing pauses (see `Backoff`).

    Args:
        connect: tries once.
        show: is told how it goes; None when it is over.
        reason: why the connection was lost.
        patience: seconds after which it is given up.
        seed: makes the pauses repeatable.

    Raises:
        Refused, ConnectionLost: the server said no, and will not change its mind.
        TimeoutError: it was given up.
    """
    since, backoff = clock(), Backoff(seed=seed)
    try:
        while clock() - since < patience:
            pause = backoff.next()
            show(Reconnecting(since, backoff.tries, clock() + pause, reason))
            await asyncio.sleep(pause)
            try:
                return await connect()
            except (ConnectError, ConnectionLost) as error:
                if _is_hopeless(error):
                    raise
                reason = str(error)
        raise TimeoutError
    finally:
        show(None)


def _is_hopeless(error: ConnectError | ConnectionLost) -> bool:
    if isinstance(error, ConnectionLost):
        return is_final(error.code)
    return isinstance(error, Refused) and not isinstance(error, RoomFull)
