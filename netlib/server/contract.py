"""A room as its parts know it, and no more: its time, its limits, who listens. None holds the whole."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from netlib.arguments import check_listener
from netlib.events import CLIENT_EVENTS, Event
from netlib.play.metrics import ServerMetrics
from netlib.protocol.frames import FROM_CLIENT
from netlib.protocol.messages import AnyMessage, Input
from netlib.server.ticker import Ticker
from netlib.session.handshake import Limits
from netlib.transport.conditioner import LinkConditions
from netlib.transport.dispatch import Dispatcher
from netlib.transport.listens import PeerT, ResultT


class _Tick(Event, frozen=True):
    """The key of tick listeners."""


class Surroundings(Dispatcher[PeerT], ABC):
    """Fixed ticks and listeners: what a player, a caller, the roster and the host know of their `GameRoom`.

    Args:
        name, tick_rate, input_type, limits: as for `netlib.Server`.

    Attributes:
        tick: number of the newest tick; skipped ones count, so ``tick / tick_rate`` is its time.
        metrics: what happened and what was refused.
        ticker: its time.
        link: simulated conditions at this end of every link.
        hear: calls the listeners of a key, such as a game's message.
        stopping: True once it is being closed.
        room_id, code: which of a server's many rooms this is; empty where it is the only one.
        closed: True once it has ended for good, as one of many rooms does.
    """

    _listener_gets = ("peer", "message")
    _never = CLIENT_EVENTS
    link: LinkConditions
    room_id = code = ""
    closed = False

    def __init__(self, name: str, tick_rate: float, input_type: type[Input] | None, limits: Limits) -> None:
        super().__init__((*FROM_CLIENT, input_type) if input_type else FROM_CLIENT)
        self.name, self.tick_rate, self.tick = name, tick_rate, 0
        self.limits = limits
        self.metrics = ServerMetrics()
        self.ticker = Ticker(tick_rate, self._on_tick)
        self.hear = self._events.emit  # itself, without a method around it: nearly everything goes through it
        self.stopping = False

    @property
    def time(self) -> float:
        """The room's time in seconds: that of its ticks, and the part of a tick since then."""
        return self.ticker.time()

    @property
    def paused(self) -> bool:
        """True while time stands still: no ticks, and no inputs are taken."""
        return self.ticker.stands

    def on_tick(self, listener: Callable[[float], ResultT]) -> Callable[[float], ResultT]:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds.

        Raises:
            WrongArgument: it cannot be called so.
        """
        check_listener("the listener of ticks", listener, "dt")
        return self._events.on(_Tick, listener)

    def update(self) -> None:
        """Run one tick now: for a server that is ``manual``, and driven by its own program."""
        self.ticker.step()

    def emit(self, event: Event) -> None:
        """Tell the listeners of an event."""
        self._events.emit(type(event), event)

    @abstractmethod
    def handle(self, caller: Any, message: AnyMessage) -> bool:
        """A valid message came: netlib's own ones are dealt with; False when it is the game's."""

    @abstractmethod
    def announce(self, event: Event) -> None:
        """Tell the listeners of an event, and then the player whom it makes a host."""

    @abstractmethod
    def conditions_changed(self, seat: Any) -> None:
        """The link of a player simulates something else now: it is told."""

    @abstractmethod
    async def stop(self, reason: str) -> None:
        """Say goodbye to everyone, and close."""

    def _on_tick(self) -> None:
        self.tick = self.ticker.schedule.tick
        self.metrics.ticks += 1
        self.metrics.ticks_skipped = self.ticker.schedule.skipped
        self._events.emit(_Tick, self.ticker.schedule.duration)
