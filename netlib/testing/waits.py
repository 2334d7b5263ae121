"""Waiting in a test, with a deadline and a text that says what came instead.

All times are those of the running event loop: virtual ones under `netlib.testing.run`.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar, overload

import netlib
from netlib.transport.mailbox import Happened

TIMEOUT = 10.0  # seconds
LOOK_EVERY = 0.001  # seconds between two looks at a condition
SHOWN = 3  # of each kind, in an error text

T = TypeVar("T")


class NotInTime(AssertionError):
    """What a test waited for did not happen."""


async def until(condition: Callable[[], T], what: str = "", *, timeout: float = TIMEOUT) -> T:
    """Wait until a condition holds.

    Args:
        condition: called again and again, until what it returns is true.
        what: what it means, for the error text.
        timeout: seconds.

    Returns:
        What the condition returned.

    Raises:
        NotInTime: it did not hold in time.
    """
    deadline = netlib.clock() + timeout
    while not (result := condition()):
        if netlib.clock() >= deadline:
            raise NotInTime(f"not within {timeout:g} s: {what or getattr(condition, '__name__', condition)}")
        await asyncio.sleep(LOOK_EVERY)
    return result


@overload
async def message(
    client: netlib.Client, kind: type[T], *, where: Callable[[T], bool] | None = ..., timeout: float = ...
) -> T: ...
@overload
async def message(
    client: netlib.Client,
    kind: str,
    *,
    where: Callable[[netlib.Untyped], bool] | None = ...,
    timeout: float = ...,
) -> netlib.Untyped: ...
async def message(
    client: netlib.Client,
    kind: Any,
    *,
    where: Callable[[Any], bool] | None = None,
    timeout: float = TIMEOUT,
) -> Any:
    """Read what a client got, until a message or an event of a kind comes.

    It reads on where the last call stopped, in the order of arrival, and takes out what it reads,
    as `Client.poll` does. What comes before the wanted one is passed over; what comes after it is
    left for the next call.

    Args:
        kind: a message or event class, or the plain name of a message without one.
        where: says whether this is the one.
        timeout: seconds.

    Raises:
        NotInTime: it did not come in time; the text says what came instead.
    """
    client.declare(kind)
    passed_over: list[Happened] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            async for happened in _happening(client):
                if _is_a(happened, kind) and (where is None or where(happened)):
                    return happened
                passed_over.append(happened)
    name = kind if isinstance(kind, str) else kind.__name__
    wanted = name if where is None else f"{name} of that kind"
    raise NotInTime(f"{client.name} got no {wanted} within {timeout:g} s; what came: {_listed(passed_over)}")


async def _happening(client: netlib.Client) -> AsyncIterator[Happened]:
    while True:  # each stream ends with the connection, and there may be another one
        async for happened in client:
            yield happened


def _is_a(happened: Happened, kind: Any) -> bool:
    if isinstance(kind, str):
        return isinstance(happened, netlib.Untyped) and happened.type == kind
    return isinstance(happened, kind)


def _listed(happened: list[Happened]) -> str:
    by_kind: dict[type, list[Happened]] = {}
    for one in happened:
        by_kind.setdefault(type(one), []).append(one)
    return "; ".join(_some(found) for found in by_kind.values()) or "nothing"


def _some(found: list[Happened]) -> str:
    shown = ", ".join(str(one) for one in found[-SHOWN:])
    return shown if len(found) <= SHOWN else f"{len(found)} × {type(found[0]).__name__}, the last {shown}"


async def snapshot(
    client: netlib.Client,
    *,
    where: Callable[[dict[str, dict[int, Any]]], object] | None = None,
    tick: int = 0,
    timeout: float = TIMEOUT,
) -> dict[str, dict[int, Any]]:
    """Wait until a client has a certain state; at once, if it has it already.

    Args:
        where: gets `Client.state`, and says whether this is it.
        tick: the state must be of this tick of the server, or newer.
        timeout: seconds.

    Returns:
        The state.

    Raises:
        NotInTime: it did not come in time; the text says which one it has.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            while client.tick < tick or not (where is None or where(client.state)):
                await client.wait_for(netlib.StateChanged)
            return client.state
    raise NotInTime(f"{client.name} got no such snapshot within {timeout:g} s; {_newest(client)}")


def _newest(client: netlib.Client) -> str:
    if client.tick < 0:
        return "it got none at all; does the server call `publish`?"
    lines = [f"  {name}: {_some_entities(entities)}" for name, entities in client.state.items()]
    return "\n".join([f"the newest is that of tick {client.tick}:", *lines])


def _some_entities(entities: Any) -> str:
    if not isinstance(entities, dict):
        return f"{entities!r}"  # a plain value
    shown = ", ".join(f"{id}: {entity}" for id, entity in itertools.islice(entities.items(), SHOWN))
    return shown + (f", and {len(entities) - SHOWN} more" if len(entities) > SHOWN else "")


async def ticks(server: netlib.Server, count: int = 1) -> int:
    """Let a server run so many ticks, and return the number of the newest."""
    goal = server.tick + count
    await asyncio.sleep((count - 1) / server.tick_rate)
    return await until(lambda: server.tick if server.tick >= goal else 0, f"tick {goal} of {server.name}")
