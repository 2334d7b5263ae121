"""Speaks to the host's registrar, as a spectator of the room."""

import asyncio
import time
from collections.abc import Callable, Sequence

import netlib
from workshop.errors import WorkshopError
from workshop.game.rules.messages import MESSAGES
from workshop.instructor.classroom.membership import Enrolment, PlaceLost
from workshop.instructor.classroom.messages import NEWS_AT_ONCE, ClassJoin, ClassLeave, ClassNews, ClassPlace
from workshop.instructor.classroom.news import News
from workshop.terminal import console

ANSWER_SECONDS = 5.0  # until a silent host counts as gone
POLL_SECONDS = 2.0  # between two requests while we wait for the host to agree
POLL_FOR = 600.0  # seconds until we give up
OVER = ("forgotten", "not_yours")  # codes of refusals that mean we have lost the place


class NoClass(WorkshopError):
    """The host's room has no class, or does not let us in; the text says why."""


def at_desk(membership: Enrolment, *, reconnect_time: float = 0.0) -> netlib.Client:
    """Be in the host's room for the length of the block ``async with``; it takes no player's seat.

    Raises:
        netlib.NetlibError: there is no such room, or it does not let us in.
    """
    return netlib.connect(
        membership.address,
        name=membership.nickname,
        password=membership.password,
        spectator=True,
        messages=(*MESSAGES, ClassPlace),
        reconnect_time=reconnect_time,
    )


async def take_place(membership: Enrolment, tell_waiting: Callable[[], object]) -> tuple[ClassPlace, str]:
    """Take a place in the class; if another laptop has it, wait until the host agrees.

    Args:
        tell_waiting: called once if we have to wait.

    Returns:
        The place, and the room's name.

    Raises:
        NoClass, netlib.NetlibError: we get no place; the text says why.
    """
    deadline = time.monotonic() + POLL_FOR
    waiting = False
    async with at_desk(membership, reconnect_time=POLL_FOR) as client:
        while (place := await _join(client, membership)).waiting:
            if not waiting:
                tell_waiting()
            waiting = True
            if time.monotonic() > deadline:
                raise NoClass("The host has not agreed. Ask them, or take another nickname.")
            await asyncio.sleep(POLL_SECONDS)
        return place, client.room


async def tell(client: netlib.Client, membership: Enrolment, news: Sequence[News]) -> ClassPlace:
    """Tell the host what happened. Returns the place: what it has heard, and what it calls us now.

    Raises:
        PlaceLost, NoClass, netlib.NetlibError, TimeoutError: not everything could be told.
    """
    place = ClassPlace(membership.nickname)
    for first in range(0, len(news), NEWS_AT_ONCE):
        told = ClassNews(membership.nickname, membership.token, list(news[first : first + NEWS_AT_ONCE]))
        try:
            place = await _ask(client, told)
        except netlib.RequestFailed as error:
            if error.code != "no_place":
                raise
            # The host has forgotten the class, for example because it has lost its class file.
            if (await _join(client, membership)).waiting:
                problem = f'Somebody else has the nickname "{membership.nickname}" in the class now.'
                raise PlaceLost(problem) from error
            place = await _ask(client, told)
    return place


async def leave(membership: Enrolment) -> bool:
    """Let the host delete everything about us. Returns True once that is done.

    Raises:
        netlib.NetlibError, TimeoutError: that was not possible.
    """
    async with at_desk(membership) as client:
        try:
            await client.request(ClassLeave(membership.nickname, membership.token), timeout=ANSWER_SECONDS)
        except netlib.RequestFailed as error:
            if error.code not in OVER:  # otherwise the host has nothing about us any more
                raise
        return True


async def _join(client: netlib.Client, membership: Enrolment) -> ClassPlace:
    return await _ask(client, ClassJoin(membership.nickname, membership.token))


async def _ask(client: netlib.Client, request: netlib.Message) -> ClassPlace:
    try:
        place = await client.request(request, timeout=ANSWER_SECONDS)
    except netlib.RequestFailed as error:
        if error.code in OVER:
            raise PlaceLost(f"{str(error).capitalize()}.") from error
        if error.code == "unknown_type":
            host = console.command("host")
            raise NoClass(f"This room has no class; it is in one that was opened with: {host}") from error
        raise
    if not isinstance(place, ClassPlace):
        raise NoClass("This room has another kind of class; install the same version on both sides.")
    return place
