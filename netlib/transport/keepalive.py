"""When a connection counts as dead: it says nothing for too long, or takes nothing of what it is sent."""

import asyncio
from typing import Protocol

CLOSE_TIMEOUT = 1.0  # seconds that the other side has to answer a close
STUCK_TIME = 10.0  # seconds in which something goes out to one that still reads, though slowly
SLOWEST = 16 * 1024  # bytes in a second, with which whoever reads is alive
MAX_SLACK = 120.0  # seconds


class Kept(Protocol):
    """What is asked here of a connection.

    Attributes:
        last_received: when bytes last arrived, in seconds.
        slack: seconds that it may be silent for longer, since it has much to read before our ping.
    """

    last_received: float
    slack: float

    def ping(self) -> None: ...
    def abort(self, *, reason: str) -> None: ...


def keep_alive(connection: Kept, now: float, idle_time: float) -> None:
    """Ping a connection that has been silent for half its idle time, end it after all of it.

    One that was sent much has longer: our ping waits behind that.
    """
    silent = now - connection.last_received
    if silent > idle_time + min(connection.slack, MAX_SLACK):
        connection.abort(reason=f"nothing was heard for {silent:.0f} s")
    elif silent > idle_time / 2:
        connection.ping()


def abort_when_stuck(transport: asyncio.Transport) -> None:
    """Abort after a moment; while much goes out, after a time in which it does not."""
    before = transport.get_write_buffer_size()

    def look() -> None:
        if 0 < transport.get_write_buffer_size() < before - SLOWEST:
            abort_when_stuck(transport)
        else:
            transport.abort()

    asyncio.get_running_loop().call_later(STUCK_TIME if before else CLOSE_TIMEOUT, look)
