"""The mailbox: what happened, in order, for a loop that polls or a task that waits."""

import asyncio

from netlib.events import Disconnected, StateChanged
from netlib.transport.mailbox import MAX_WAITING, Happened, Mailbox
from tests.support.processes import wait_until_async


async def test_a_task_gets_each_event_as_it_comes() -> None:
    """It sleeps while nothing happens, and ends with the event that it was told to end with."""
    mailbox, seen = Mailbox(), list[Happened]()

    async def follow() -> None:
        async for happened in mailbox.stream(until=Disconnected):
            seen.append(happened)

    mailbox.put(StateChanged(0))
    task = asyncio.create_task(follow())
    for tick in (1, 2, 3):
        await wait_until_async(lambda tick=tick: len(seen) == tick, "the event")  # type: ignore[misc]
        assert not task.done()
        mailbox.put(StateChanged(tick))
    mailbox.put(Disconnected(1000))
    mailbox.put(StateChanged(9))
    async with asyncio.timeout(20):
        await task
    assert seen == [*(StateChanged(tick) for tick in range(4)), Disconnected(1000)]
    assert mailbox.take() == [StateChanged(9)]


async def test_polling_meanwhile_takes_events_from_the_stream() -> None:
    """Each event is read once; a poll between two events does not stop the stream."""
    mailbox = Mailbox()
    stream = mailbox.stream(until=Disconnected)
    mailbox.put(StateChanged(0))
    assert await anext(stream) == StateChanged(0)
    mailbox.put(StateChanged(1))
    assert mailbox.take() == [StateChanged(1)]
    mailbox.put(StateChanged(2))
    async with asyncio.timeout(20):
        assert await anext(stream) == StateChanged(2)


async def test_what_is_put_is_taken_once_and_in_order() -> None:
    """Like `pygame.event.get`; when nobody reads, the oldest are dropped and counted: memory is bounded."""
    mailbox = Mailbox()
    for tick in range(MAX_WAITING + 5):
        mailbox.put(StateChanged(tick))
    assert mailbox.dropped == 5
    assert mailbox.take() == [StateChanged(tick) for tick in range(5, MAX_WAITING + 5)]
    assert mailbox.take() == []
