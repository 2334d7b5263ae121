"""A room without a port: who is in it, its time, its state, and what its host may do."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from netlib.arguments import check, check_text
from netlib.events import Event, Left
from netlib.protocol.codecs import JSON
from netlib.protocol.frames import Command
from netlib.protocol.messages import AnyMessage, Input
from netlib.server.admission import Judge
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.host import HostRights
from netlib.server.incoming import Incoming
from netlib.server.peer import Peer, Seat, encoded
from netlib.server.roster import Roster
from netlib.server.tells import Tells
from netlib.session.handshake import Limits
from netlib.state.intake import Published
from netlib.state.sync import Publisher
from netlib.transport.conditioner import PERFECT, LinkConditions

TICK_RATE = 30.0  # ticks per second


def peers_of(exclude: Any) -> tuple[Peer, ...]:
    """Whom a broadcast leaves out.

    Raises:
        WrongArgument: these are no peers.
    """
    check("exclude", exclude, Collection[Peer])
    for peer in exclude:
        check("exclude", peer, Peer)
    return tuple(exclude)


class GameRoom(Surroundings[Peer], Tells):
    """The players and their host, and state for everyone. Connections bring it what clients say.

    Args:
        name, tick_rate, snapshot_rate, input_type, password, host_password, first_is_host, limits, link:
            as for `netlib.Server`, which is a room with a port.

    Attributes:
        roster, rights: who is in the room, connected or not; who may command it.
        publisher: the newest state.
        ticking: runs the ticks, while it is open.
    """

    def __init__(
        self,
        name: str,
        *,
        tick_rate: float = TICK_RATE,
        snapshot_rate: float | None = None,
        input_type: type[Input] | None = None,
        password: str = "",
        host_password: str | Callable[[str], bool] = "",
        first_is_host: bool = False,
        limits: Limits | None = None,
        link: LinkConditions = PERFECT,
    ) -> None:
        super().__init__(name, tick_rate, input_type, limits or Limits())
        self._link = link
        self._snapshot_interval = 1 if snapshot_rate is None else max(1, round(tick_rate / snapshot_rate))
        self.ticking: asyncio.Task[None] | None = None
        self.publisher = Publisher()
        self.roster = Roster(self)
        self.rights = HostRights(self, self.roster, host_password, first_is_host=first_is_host)
        self.on_request(Command)(self.rights.obey)
        self._incoming = Incoming(self, self.roster, self.rights, self.show, password)

    # For games.

    @property
    def peers(self) -> list[Peer]:
        """Everyone in the room, in the order of joining: also spectators, and players who are away."""
        return [seat.peer for seat in self.roster.seats.values()]

    @property
    def players(self) -> list[Peer]:
        """Everyone who plays."""
        return [peer for peer in self.peers if not peer.spectator]

    @property
    def link(self) -> LinkConditions:
        """Simulated conditions at this end of every link; setting them takes effect at once."""
        return self._link

    @link.setter
    def link(self, conditions: LinkConditions) -> None:
        check("link", conditions, LinkConditions)
        self._link = conditions
        for peer in self.peers:
            peer.link = conditions

    def on_admit(self, judge: Judge) -> Judge:
        """Ask ``judge(visitor)`` about each newcomer; it returns None, or why not, in words for them.

        It may be a coroutine function, which has four fifths of `Limits.handshake_time`. One that fails lets
        nobody in. Players who come back after a lost connection are not asked about.

        Raises:
            WrongArgument: it cannot be called so.
        """
        return self._incoming.door.set(judge)

    def pause(self, by: str = "the server") -> None:
        """Let time stand still, until `unpause`. Everybody is told who did it."""
        check_text("by", by)
        self.rights.pause(by)

    def unpause(self) -> None:
        """Let time go on from where it stood."""
        self.rights.unpause()

    def _send(self, peer: Peer, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        whole, options = self.meant(message, keywords, delivered=None)
        peer.send(whole, **options)

    def _broadcast(self, message: AnyMessage | str, keywords: dict[str, Any]) -> None:
        self.check_call()
        whole, options = self.meant(message, keywords, exclude=(), delivered=None)
        exclude = peers_of(options["exclude"])
        seats = [seat for seat in self.roster.seats.values() if seat.peer not in exclude]
        codecs = {seat.codec for seat in seats} or {JSON}  # what cannot be sent is told in an empty room, too
        data = {codec: encoded(self, codec, whole) for codec in codecs}
        for seat in seats:
            seat.send_encoded(whole, data[seat.codec], options["delivered"])

    def publish(self, state: Published) -> None:
        """Give everyone this state: a full snapshot to newcomers, deltas to the others.

        A state is made of collections of entities by id: ``{"players": {7: Player(x=3)}}``. Where a
        program has no classes yet, plain values and dicts do, and are copied: ``{"countdown": 10,
        "players": {7: {"x": 3}}}``. Clients without a schema have the same in their state.

        A player that cannot keep up gets fewer of them, and no stay ends for that: states do not count
        for `Limits.max_backlog`. A large full snapshot is encoded and sent little by little; its client
        gets no other one meanwhile, and then one delta to the newest state.

        Raises:
            WrongArgument: something is no collection, no id or no entity; the text says where.
            BadMessage: clients cannot read a field, such as one that is NaN, or the state is larger than they
                take (64 MiB); the text names it. The state before stays, here as above.
        """
        self.check_call()
        newest = self.publisher.tick
        if newest is not None and 0 <= self.tick - newest < self._snapshot_interval > 1:
            return
        self.publisher.update(max(1, self.tick), state)  # an ack of tick 0 would ask for a full one
        all_see = None if self.publisher.divided else self.publisher
        for id, seat in list(self.roster.seats.items()):
            seat.send_snapshot(all_see or self.publisher.seen_by(id))

    # For its parts.

    def go(self, *, ticks: bool = True) -> None:
        """Let time go on, with ticks or without; those who were here before get their grace time."""
        self.ticker.go()
        if ticks:
            self.ticking = self.spawn(self.ticker.run())
        for seat in self.roster.seats.values():
            self.roster.wait_for(seat)

    def handle(self, caller: Caller, message: AnyMessage) -> bool:
        """A valid message came: netlib's own ones are dealt with; False when it is the game's."""
        return self._incoming.handle(caller, message)

    def announce(self, event: Event) -> None:
        """Tell the listeners of an event, and then the player whom it makes a host."""
        self.emit(event)
        if isinstance(event, Left):
            self.rights.left(event.peer)

    def show(self, seat: Seat) -> None:
        """Send a player what it may see of the newest state, unless it is behind or away."""
        seat.send_snapshot(self.publisher.seen_by(seat.session.id))

    def conditions_changed(self, seat: Seat) -> None:
        """The link of a player simulates something else now: it is told."""
        self.rights.tell(seat)
