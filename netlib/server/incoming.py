"""What the server does with netlib's own messages: hello, ack, ping, input, request and reply."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from msgspec import UNSET
from websockets.frames import CloseCode

from netlib.errors import RequestFailed
from netlib.protocol import frames
from netlib.protocol.messages import AnyMessage, Input
from netlib.server.admission import Door
from netlib.server.connections import Caller
from netlib.server.contract import Surroundings
from netlib.server.host import GUESSES_PER_SECOND, HostRights
from netlib.server.peer import Peer, Seat
from netlib.server.roster import Roster, make_place
from netlib.session.delivery import counts
from netlib.session.handshake import judge
from netlib.session.sessions import Admission
from netlib.transport.loops import clock
from netlib.transport.quotas import rate_by_source

JOIN_GUESS_BURST = 10.0  # wrong passwords of the room from one address at once: a class mistypes it, too
Show: TypeAlias = Callable[[Seat], object]
ENDED = "this room has just ended; ask for another one"
ONE_ROOM = "this server has one room alone; connect without saying which one you want"
TOO_MANY_GUESSES = "too many wrong passwords came from your address; wait some seconds, and ask the host"


class Incoming:
    """Lets clients in, and answers what every client may say.

    Args:
        room: whose door this is, with its players and its host.
        show: sends a player the newest state.
        password: what a client needs to come in; empty lets everyone in.

    Attributes:
        guesses: the rate of wrong passwords by address; many rooms of one server have one together.
    """

    def __init__(
        self, room: Surroundings, roster: Roster, rights: HostRights, show: Show, password: str
    ) -> None:
        self._room, self._roster, self._rights, self._show = room, roster, rights, show
        self._password = password
        self.guesses = rate_by_source(GUESSES_PER_SECOND, JOIN_GUESS_BURST)
        self.door = Door(room)

    def handle(self, caller: Caller, message: AnyMessage) -> bool:
        """Deal with one message; False when it is the game's."""
        seat: Seat | None = caller.seat
        if isinstance(message, frames.Hello):
            self._hello(caller, message)
            return True
        if seat is None:
            caller.refuse("no_hello", "say hello first: the first message of a client is a hello")
            return True
        if seat.session.offered:
            self._roster.sessions.heard(seat.session)
        if isinstance(message, Input):  # nearly all of them are
            self._input(seat, message)
            return True
        if counts(message):
            seat.message_counted()
        return self._handle(seat, caller, message)

    def _input(self, seat: Seat, message: Input) -> None:
        if seat.peer.spectator:
            seat.peer.refuse("spectator", "spectators only watch; connect as a player to move")
        else:
            seat.queue_input(message)

    def _handle(self, seat: Seat, caller: Caller, message: AnyMessage) -> bool:
        match message:
            case frames.Ack():
                seat.acknowledge(message)
            case frames.Ping(time=time, rtt=rtt):
                seat.peer.rtt = rtt or seat.peer.rtt
                caller.send(frames.Pong(time, self._room.time))
            case frames.Request():
                self._room.spawn(self._room.answer(message, seat.peer.send, seat.peer))
            case frames.Command():
                self._obey(seat.peer, message)
            case frames.Reply():
                seat.requests.replied(message)
            case _:
                return False
        return True

    def _obey(self, peer: Peer, command: frames.Command) -> None:
        try:
            self._rights.obey(peer, command)
        except RequestFailed as error:
            peer.refuse(error.code, str(error))

    def _hello(self, caller: Caller, hello: frames.Hello) -> None:
        if caller.seat is not None or caller.waits:
            caller.refuse("second_hello", "you have joined already; send one hello per connection")
            return
        caller.parts = hello.parts
        asked = self.door.judge is not None or bool(hello.password)
        is_new = asked and self._roster.sessions.known(hello) is None  # which looks at all sessions
        is_guess = is_new and bool(hello.password)
        if is_guess and not self._may_guess(caller):
            caller.turn_away(frames.Refusal("password", TOO_MANY_GUESSES))
            return
        answer = partial(self._answer, caller, hello, is_guess)
        if is_new and self.door.judge is not None and judge(hello, self._password) is None:
            self.door.ask(caller, hello, answer)
        else:
            answer(None)

    def _may_guess(self, caller: Caller) -> bool:
        """Whether its address has a guess left, of which it has few; wrong ones are counted when answered."""
        guesses = self.guesses(caller.connection.address)
        if may := guesses.allows(clock()):
            guesses.give_back()
        return may

    def _answer(
        self, caller: Caller, hello: frames.Hello, is_guess: bool, refusal: frames.Refusal | None
    ) -> None:
        answer = refusal or self._judged(hello, caller.connection.address)
        if isinstance(answer, frames.Refusal):
            if is_guess and answer.code in ("password", "admission"):
                self.guesses(caller.connection.address).owe()
            caller.turn_away(answer)
        elif answer.arrival == "new":
            self._join(caller, answer)
        else:
            self._come_back(caller, hello, answer)

    def _judged(self, hello: frames.Hello, address: str) -> Admission | frames.Refusal:
        if self._room.closed:
            return frames.Refusal("no_room", ENDED)
        if hello.join and not self._room.room_id and hello.join != frames.Join():
            return frames.Refusal("no_room", ONE_ROOM)
        sessions, limits = self._roster.sessions, self._room.limits
        answer = sessions.admit(hello, self._password, limits)
        code = answer.code if isinstance(answer, frames.Refusal) else ""
        seats = self._roster.seats.values()
        if code == "full" and make_place(seats, address, spectator=hello.spectator):
            return sessions.admit(hello, self._password, limits)
        return answer

    def _join(self, caller: Caller, admission: Admission) -> None:
        seat = self._roster.add(admission.session)
        seat.attach(caller)
        self._welcome(caller, admission)
        seat.apply_link()
        if admission.lost:
            caller.send(frames.ErrorReply("session_over", f"you are a newcomer: {admission.lost}"))
        self._roster.joined(seat)
        self._rights.tell(seat)
        self._show(seat)

    def _come_back(self, caller: Caller, hello: frames.Hello, admission: Admission) -> None:
        seat = self._roster.seats[admission.session.id]
        if seat.carrier is not None:
            reason = "it came back over another connection"
            self._roster.dropped(seat, CloseCode.ABNORMAL_CLOSURE, reason)
        if admission.arrival == "resumed":  # else what it has got was of another session
            self._catch_up(seat, hello)
        seat.attach(caller)
        self._welcome(caller, admission)
        seat.apply_link()
        seat.outgoing.send_again(seat.session.delivery.unconfirmed())
        self._rights.tell(seat)
        self._roster.resumed(seat)
        self._show(seat)

    def _catch_up(self, seat: Seat, hello: frames.Hello) -> None:
        if isinstance(hello.received, int):
            seat.confirm(hello.received)
        else:
            seat.session.delivery.forgo()  # a plain client, which does not count

    def _welcome(self, caller: Caller, admission: Admission) -> None:
        room, session = self._room, admission.session
        caller.send(
            frames.Welcome(
                player_id=session.id,
                name=session.name,
                resume=session.offered,
                resumed=admission.arrival == "resumed",
                received=session.delivery.received,
                room=room.name,
                tick=room.tick,
                tick_rate=room.tick_rate,
                server_time=room.time,
                room_id=room.room_id or UNSET,
                code=room.code or UNSET,
            )
        )
        session.delivery.told()
