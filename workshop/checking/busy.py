"""How busy this machine is: what measures time waits until the machine is calm, and says that it does.

A busy machine wakes a sleeper in time, too; what is late there is work. So a little work is done, and what
counts is how much of a processor we get for it.
"""

import asyncio
import time
from collections.abc import Callable

WORK = 0.03  # seconds of work for one measurement
GAP = 0.0005  # seconds between two looks at the clock, from which somebody else had the processor
CALM = 0.75  # share of a processor that we get on a machine that has little else to do
TRIES = 3  # measurements that must all be bad before somebody has to wait
PAUSE = 0.4  # seconds between two measurements
CALM_IN_A_ROW = 2  # measurements, after one that was not: also what is busy pauses at times
LONGEST = 20.0  # seconds that we wait at most
WAITING = "This machine is busy with something else: waiting until it is calmer …"
STILL_BUSY = "It is still busy. If a part fails because it is slow, close other programs, and check again."


async def quiet(
    say: Callable[[str], object], longest: float = LONGEST, share: Callable[[], float] | None = None
) -> float:
    """Wait until the machine is calm.

    Args:
        say: is called with a sentence when there is something to wait for, and when it was in vain.
        longest: seconds that this may take; with 0 nothing is measured.
        share: measures what part of a processor we get, from 0 to 1; in another thread.

    Returns:
        the seconds that it took.
    """
    began, calm = time.monotonic(), 0
    if longest <= 0 or await _soon_calm(share):
        return time.monotonic() - began
    say(WAITING)
    while calm < CALM_IN_A_ROW:
        if time.monotonic() - began > longest:
            say(STILL_BUSY)
            break
        await asyncio.sleep(PAUSE)
        calm = calm + 1 if await _is_calm(share) else 0
    return time.monotonic() - began


def share_of_processor(seconds: float = WORK) -> float:
    """Work for a while, and return what part of that time a processor was ours.

    Work is to look at the clock: where that takes long, somebody else had the processor.
    """
    began = last = time.perf_counter()
    lost = 0.0
    while last - began < seconds:
        now = time.perf_counter()
        lost += now - last if now - last > GAP else 0.0
        last = now
    return 1 - lost / (last - began)


async def _soon_calm(share: Callable[[], float] | None) -> bool:
    """Whether one of a few measurements in a row says so: something is always going on for a moment."""
    for _ in range(TRIES):
        if await _is_calm(share):
            return True
    return False


async def _is_calm(share: Callable[[], float] | None) -> bool:
    return await asyncio.to_thread(share or share_of_processor) >= CALM
