"""Trying to come back, one try after another, with a server that is made up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

import netlib
from netlib import testing
from netlib.client.reconnect import LONGEST_PAUSE, Reconnecting, come_back, pauses

PATIENCE = 20.0  # seconds


class Server:
    """Answers one try after another: with these errors, and then always well or always with the last."""

    def __init__(self, *errors: Exception, for_ever: bool = False) -> None:
        self.tries: list[float] = []
        self._errors = list(errors)
        self._for_ever = for_ever

    async def connect(self) -> None:
        """Try once."""
        self.tries.append(netlib.clock())
        if self._errors:
            raise self._errors[0] if self._for_ever else self._errors.pop(0)


def coming_back(
    connect: Callable[[], Awaitable[None]], shown: list[Reconnecting | None] | None = None, seed: int = 1
) -> Awaitable[None]:
    """Begin to come back."""
    return come_back(connect, ([] if shown is None else shown).append, "cut", PATIENCE, pauses(seed))


@testing.in_virtual_time
async def test_it_tries_until_it_works() -> None:
    """At once, and again: whatever is wrong with the network may pass, and a full room too."""
    errors = [
        netlib.Unreachable("nobody"),
        netlib.NotOurServer("somebody"),
        netlib.ConnectionLost(1006),
        netlib.RoomFull("full", "full"),
        netlib.HostNotFound("no name"),
    ]
    server = Server(*errors)
    await coming_back(server.connect)
    assert server.tries[0] == 0.0 and len(server.tries) == 6


@testing.in_virtual_time
async def test_what_the_server_has_decided_is_final() -> None:
    """A refusal other than for want of a place is raised at once."""
    for error in (netlib.WrongPassword("no"), netlib.WrongVersion("no"), netlib.Refused("no", "name")):
        server = Server(error, for_ever=True)
        with pytest.raises(type(error)):
            await coming_back(server.connect)
        assert len(server.tries) == 1


@testing.in_virtual_time
async def test_patience_ends() -> None:
    """After so many seconds no new try begins."""
    server = Server(netlib.Unreachable("nobody"), for_ever=True)
    with pytest.raises(TimeoutError):
        await coming_back(server.connect)
    assert PATIENCE <= netlib.clock() < PATIENCE + LONGEST_PAUSE
    assert len(server.tries) > 5


@testing.in_virtual_time
async def test_what_is_shown() -> None:
    """Each try is announced with its number, its time and why the last one failed; then it is over."""
    shown: list[Reconnecting | None] = []
    server = Server(netlib.Unreachable("nobody"), netlib.RoomFull("full", "full"))
    await coming_back(server.connect, shown)
    first, second, third, over = shown
    assert first and second and third and over is None
    assert [step.reason for step in (first, second, third)] == ["cut", "nobody", "full"]
    assert [step.tries for step in (first, second, third)] == [1, 2, 3]
    assert [step.next_try for step in (first, second, third)] == pytest.approx(server.tries)
    assert {step.since for step in (first, second, third)} == {0.0}


@testing.in_virtual_time
async def test_it_can_be_cancelled() -> None:
    """While it waits, and while it tries; nothing is shown any more then."""
    for connect in (Server(netlib.Unreachable("nobody"), for_ever=True).connect, asyncio.Event().wait):
        shown: list[Reconnecting | None] = []
        task = asyncio.ensure_future(coming_back(connect, shown))  # type: ignore[arg-type]
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert shown[-1] is None


@testing.in_virtual_time
async def test_the_pauses_are_repeatable() -> None:
    """With the same seed the tries are at the same times; with another they are not."""

    async def tries(seed: int) -> list[float]:
        server, start = Server(*[netlib.Unreachable("nobody")] * 5), netlib.clock()
        await coming_back(server.connect, seed=seed)
        return [round(at - start, 6) for at in server.tries]

    assert await tries(1) == await tries(1) != await tries(2)
