"""What the engine tells the time line: messages under way between a client and the server."""

from collections.abc import Sequence
from typing import Literal

import msgspec


class Mark(msgspec.Struct, frozen=True):
    """One message on the time line. Times are seconds of the lab's clock."""

    kind: Literal["input", "snapshot"]
    number: int  # the input's seq, or the snapshot's tick
    sent: float  # when its sender handed it to the network
    arrived: float | None = None  # when the receiver took it in; None while under way
    replayed: int = 0  # snapshot: inputs that the client applied again on top of it
    error: float = 0.0  # snapshot: pixels by which the prediction was wrong


class Span(msgspec.Struct, frozen=True):
    """What the interpolation draws from: the two snapshots around the time that is shown. All in ticks."""

    earlier: int
    later: int
    shown: float


class TimelineData(msgspec.Struct, frozen=True):
    """All that the time line draws."""

    now: float  # the time that is looked at (right edge)
    marks: Sequence[Mark]  # of the last seconds, oldest first
    span: Span | None = None
    tick_rate: float = 20.0
    seconds: float = 2.0  # how much is shown
