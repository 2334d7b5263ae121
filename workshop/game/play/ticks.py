"""Ticks for programs that play without a window: bots and measurements."""

import asyncio
from collections.abc import AsyncIterator

from netlib.play.timing import TickSchedule
from netlib.transport.loops import clock


async def ticks(rate: float) -> AsyncIterator[int]:
    """Yield how many ticks have passed since the last time: 1, unless the program was busy."""
    schedule = TickSchedule(rate, start=clock())
    while True:
        await asyncio.sleep(max(0.0, schedule.next_due() - clock()))
        if passed := schedule.advance(clock()):
            yield passed
