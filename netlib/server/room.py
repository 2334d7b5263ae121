"""A room without a port: who is in it, its time, its state, and what its host may do."""

from collections.abc import Collection
from typing import Any

from netlib.events import Event, Left
from netlib.protocol.frames import Command
from netlib.protocol.messages import AnyMessage, Input, encode
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.host import HostRights
from netlib.server.incoming import Incoming
from netlib.server.peer import Delivered, Peer, Seat
from netlib.server.roster import Roster
from netlib.session.handshake import Limits
from netlib.state.state import State
from netlib.state.sync import Publisher

TICK_RATE = 30.0  # ticks per second


class GameRoom(Surroundings):
    """The players and their host, and state for everyone. Connections bring it what clients say.

    Args:
        name, tick_rate, snapshot_rate, input_type, password, host_password, first_is_host, limits:
            as for `netlib.Server`, which is a room with a port.

    Attributes:
        roster, rights: who is in the room, connected or not; who may command it.
        publisher: the newest state.
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
    ) -> None:
        super().__init__(name, tick_rate, input_type, limits or Limits())
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self.publisher = Publisher()
        self.roster = Roster(self)
        self.rights = HostRights(self, self.roster, host_password, first_is_host=first_is_host)
        self.on_request(Command)(self.rights.obey)
        self._incoming = Incoming(self, self.roster, self.rights, self.publisher, password)

    # For games.

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room, in the order of joining: also spectators, and players who are away."""
        return [seat.peer for seat in self.roster.seats.values()]

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return [peer for peer in self.peers if not peer.spectator]

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        self.rights.pause(by)

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self.rights.unpause()

    def send(
        self, peer: Peer, message: AnyMessage | str, *, delivered: Delivered | None = None, **fields: Any
    ) -> None:
        """Send to one client; a message, or the name of a declared one with its fields. See `Peer.send`."""
        peer.send(self.message_of(message, fields), delivered=delivered)

    def broadcast(
        self,
        message: AnyMessage | str,
        *,
        exclude: Collection[Peer] = (),
        delivered: Delivered | None = None,
        **fields: Any,
    ) -> None:
        """Send to everyone in the room, except those in ``exclude``; encoded once for each codec."""
        whole = self.message_of(message, fields)
        seats = [seat for seat in self.roster.seats.values() if seat.peer not in exclude]
        encoded = {codec: encode(codec, whole) for codec in {seat.codec for seat in seats}}
        for seat in seats:
            seat.send_encoded(whole, encoded[seat.codec], delivered)

    def publish(self, state: State) -> None:
        """Give everyone this state: a full snapshot to newcomers, deltas to the others."""
        newest = self.publisher.tick
        if newest is not None and 0 <= self.tick - newest < self._snapshot_interval > 1:
            return
        self.publisher.update(self.tick, state)
        for seat in list(self.roster.seats.values()):
            seat.send_snapshot(self.publisher)

    # For its parts.

    def handle(self, caller: Caller, message: AnyMessage) -> bool:
        """A valid message came: netlib's own ones are dealt with; False when it is the game's."""
        return self._incoming.handle(caller, message)

    def announce(self, event: Event) -> None:
        """Tell the listeners of an event, and then the player whom it makes a host."""
        self.emit(event)
        if isinstance(event, Left):
            self.rights.left(event.peer)

    def conditions_changed(self, seat: Seat) -> None:
        """The link of a player simulates something else now: it is told."""
        self.rights.tell(seat)
