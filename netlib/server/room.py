"""A room without a port: who is in it, its time, its state, and what its host may do."""

from collections.abc import Callable, Collection, Coroutine
from typing import Any, TypeAlias

from netlib.events import Event, Joined, Left, ListenerT
from netlib.play.metrics import ServerMetrics
from netlib.protocol.frames import FROM_CLIENT, Command
from netlib.protocol.messages import Input, Message, Untyped
from netlib.server.caller import Caller
from netlib.server.host import HostRights
from netlib.server.incoming import Incoming
from netlib.server.peer import Peer, Seat
from netlib.server.roster import Roster
from netlib.server.ticker import Ticker
from netlib.session.handshake import Limits
from netlib.state.state import State
from netlib.state.sync import Publisher
from netlib.transport.conditioner import PERFECT, LinkConditions
from netlib.transport.dispatch import Dispatcher, key_of

TICK_RATE = 30.0  # ticks per second

Delivered: TypeAlias = Callable[[Peer], Any]


class _Tick(Event, frozen=True):
    """The key of tick listeners."""


class GameRoom(Dispatcher):
    """Fixed ticks, listeners, and state for everyone in the room. Connections bring it what clients say.

    Args:
        name, tick_rate, snapshot_rate, input_type, password, host_password, first_is_host, limits, link:
            as for `netlib.Server`, which is a room with a port.
        stop: closes it, with a reason.

    Attributes:
        tick: number of the newest tick; skipped ones count, so ``tick / tick_rate`` is its time.
        metrics: what happened and what was refused.
        roster, rights: who is in the room, connected or not; who may command it.
        ticker, publisher: its time; the newest state.
        stopping: True once it is being closed.
    """

    def __init__(
        self,
        name: str,
        *,
        tick_rate: float = TICK_RATE,
        snapshot_rate: float | None = None,
        input_type: type[Input] | None = None,
        password: str = "",
        host_password: str = "",
        first_is_host: bool = False,
        limits: Limits | None = None,
        link: LinkConditions = PERFECT,
        stop: Callable[[str], Coroutine[Any, Any, None]],
    ) -> None:
        super().__init__((*FROM_CLIENT, input_type) if input_type else FROM_CLIENT)
        self.name = name
        self.tick_rate = tick_rate
        self.tick = 0
        self.limits = limits or Limits()
        self.metrics = ServerMetrics()
        self.stopping = False
        self._link = link
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self.publisher = Publisher()
        self.ticker = Ticker(tick_rate, self._on_tick)
        self.roster = Roster(self)
        self.rights = HostRights(
            self, self.roster, self.ticker, host_password, first_is_host=first_is_host, stop=stop
        )
        self.on_request(Command)(self.rights.obey)
        self._incoming = Incoming(self, self.roster, self.rights, self.publisher, password)

    # For games.

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room: spectators, and players who are away for a moment, included."""
        return self.roster.peers

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return self.roster.players

    @property
    def time(self) -> float:
        """The room's time in seconds: that of its ticks, and the part of a tick since then."""
        return self.ticker.time()

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect at once."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        self._set_link(conditions)

    @property
    def paused(self) -> bool:
        """True while time stands still: no ticks, and no inputs are taken."""
        return self.ticker.stands

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        self.rights.pause(by)

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self.rights.unpause()

    def on_tick(self, listener: ListenerT) -> ListenerT:
        """Call ``listener(dt)`` every tick; ``dt`` is always the tick's duration in seconds."""
        return self._events.on(_Tick, listener)

    def send(
        self,
        peer: Peer,
        message: Message | Untyped | str,
        *,
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to one client; a message, or the name of a declared one with its fields. See `Peer.send`."""
        peer.send(self.message_of(message, fields), delivered=delivered)

    def broadcast(
        self,
        message: Message | Untyped | str,
        *,
        exclude: Collection[Peer] = (),
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to everyone in the room, except those in ``exclude``; encoded once."""
        self.roster.broadcast(self.message_of(message, fields), exclude, delivered)

    def publish(self, state: State) -> None:
        """Give everyone this state: a full snapshot to newcomers, deltas to the others."""
        newest = self.publisher.tick
        if newest is not None and 0 <= self.tick - newest < self._snapshot_interval > 1:
            return
        self.publisher.update(self.tick, state)
        for seat in self.roster.seats:
            seat.send_snapshot(self.publisher)

    def emit(self, event: Event) -> None:
        """Tell the listeners of an event."""
        self._events.emit(type(event), event)

    def update(self) -> None:
        """Run one tick now: for a server that is ``manual``, and driven by its own program."""
        self.ticker.step()

    # For what is inside of it.

    def message_received(self, caller: Caller, message: Message | Untyped) -> None:
        """A valid message arrived: netlib's own ones are handled, the others go to the listeners."""
        if not self._incoming.handle(caller, message) and caller.seat is not None:
            self._events.emit(key_of(message), caller.seat.peer, message)

    def announce(self, event: Event) -> None:
        """Tell the listeners of an event, and then those whom it makes a host."""
        self.emit(event)
        match event:
            case Joined(peer):
                self.rights.joined(peer)
            case Left(peer):
                self.rights.left(peer)

    def conditions_changed(self, seat: Seat) -> None:
        """The link of a player simulates something else now: it is told."""
        self.rights.tell(seat)

    def _set_link(self, conditions: LinkConditions) -> None:
        self._link = conditions
        for peer in self.peers:
            peer.link = conditions

    def _on_tick(self) -> None:
        self.tick = self.ticker.tick
        self.metrics.ticks += 1
        self.metrics.ticks_skipped = self.ticker.skipped
        self._events.emit(_Tick, self.ticker.duration)
