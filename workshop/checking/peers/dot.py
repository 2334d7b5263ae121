"""A server with a single dot, whose place says when it was sent."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from workshop.checking.wire import Frame

LEFT, TOP, ROW, ROWS = 60, 60, 40, 10  # pixels; rows of the picture that the dot goes along
SPEED, ROW_SECONDS = 400.0, 2.1  # pixels a second; seconds for one row
SMALLEST, GROWTH = 15, 14  # pixels: radius of the ring around a dot, and by how much it grows in a second


class Dot:
    """A server of ours with a single dot, whose place says when it was sent.

    Args:
        rate: messages a second; 0 is one message, and silence.

    Attributes:
        sent: when each message was sent, in seconds since the connection began.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.connection: ServerConnection | None = None
        self.began = 0.0
        self.sent: list[float] = []

    async def tell(self, connection: ServerConnection) -> None:
        """Tell a client where the dot is."""
        self.connection, self.began = connection, time.perf_counter()
        due = self.began
        with contextlib.suppress(ConnectionClosed):
            while True:
                now = time.perf_counter() - self.began
                await connection.send(json.dumps({"dots": [place_at(now)]}))
                self.sent.append(now)
                if not self._rate:
                    return await connection.wait_closed()
                due = max(due + 1 / self._rate, time.perf_counter() - 1 / self._rate)
                await asyncio.sleep(due - time.perf_counter())

    def shown(self, frame: Frame) -> float | None:
        """When the newest of the dots in a frame was sent, in seconds since the connection began."""
        return max((time for time, _ in circles(frame)), default=None)

    def shows_last(self, frame: Frame) -> bool:
        """Whether a frame shows the last message."""
        shown = self.shown(frame)
        return shown is not None and abs(shown - self.sent[-1]) < 0.01

    def ages(self, frames: Sequence[Frame]) -> list[float]:
        """How old what each frame shows was when it was shown, in seconds."""
        pairs = [(frame.time - self.began, self.shown(frame)) for frame in frames]
        return [now - then for now, then in pairs if then is not None]


def told_seconds(frames: Sequence[Frame], back: float = 0.0) -> float:
    """How much time has passed in the picture, to a fourteenth of a second: its ring grows with ``dt``.

    Args:
        back: seconds by which it may have gone back from one frame to the next; by 1 - ``back`` forward.
    """
    clocks = [clock for frame in frames if (clock := ring_clock(frame)) is not None]
    return sum((after - before + back) % 1.0 - back for before, after in pairwise(clocks))


def ring_clock(frame: Frame) -> float | None:
    """The picture's own clock, modulo one second; None when there is no dot."""
    widths = [width for _, width in circles(frame)]
    return (max(widths) / 2 - SMALLEST) / GROWTH if widths else None


def circles(frame: Frame) -> Iterator[tuple[float, float]]:
    """Of each circle where the dot may be: when the dot is there, and the circle's width."""
    for kind, x, y, w, h in frame.shapes:
        if kind == "circle" and (time := time_at(x + w / 2, y + h / 2)) is not None:
            yield time, w


def place_at(seconds: float) -> tuple[float, float]:
    """Where the dot is: it goes along one row after the other, like a typewriter."""
    row, rest = divmod(seconds, ROW_SECONDS)
    return round(LEFT + SPEED * rest, 1), TOP + ROW * (row % ROWS)


def time_at(x: float, y: float) -> float | None:
    """When the dot is at a place; None when it never is."""
    row, rest = round((y - TOP) / ROW), (x - LEFT) / SPEED
    near = abs(y - TOP - ROW * row) <= 2 and 0 <= row < ROWS and -0.01 <= rest <= ROW_SECONDS
    return row * ROW_SECONDS + rest if near else None
