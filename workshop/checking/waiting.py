"""Waiting for something to be so."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from workshop.checking.program import PATIENCE

T = TypeVar("T")


async def until(condition: Callable[[], T | None], seconds: float = PATIENCE) -> T | None:
    """Wait until the condition gives something true, and return that; None when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < deadline:
        await asyncio.sleep(0.005)
    return found or None
