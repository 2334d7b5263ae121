"""What the server does with netlib's own messages: hello, ack, ping, input, request and reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from websockets.frames import CloseCode

from netlib.errors import RequestFailed
from netlib.protocol.frames import (
    Ack,
    Command,
    ErrorReply,
    Hello,
    Ping,
    Pong,
    Refusal,
    Reply,
    Request,
    Welcome,
)
from netlib.protocol.messages import Input, Message, Untyped
from netlib.session.delivery import counts
from netlib.session.sessions import Admission

if TYPE_CHECKING:
    from netlib.server.connections import Caller
    from netlib.server.peer import Peer
    from netlib.server.server import Server


class Reception:
    """Lets clients in, and answers what every client may say.

    Args:
        server: whose door this is.
        password: what a client needs to come in; empty lets everyone in.
    """

    def __init__(self, server: Server, password: str) -> None:
        self._server = server
        self._password = password

    def handle(self, caller: Caller, message: Message | Untyped) -> bool:
        """Deal with one message; False when it is the game's."""
        peer = caller.peer
        if peer is None or isinstance(message, Hello):
            self._stranger(caller, message)
            return True
        if peer.session.offered:
            self._server.roster.sessions.heard(peer.session)
        if isinstance(message, Input):  # nearly all of them are
            self._input(peer, message)
            return True
        if counts(message):
            peer.message_counted()
        return self._handle(peer, caller, message)

    def _stranger(self, caller: Caller, message: Message | Untyped) -> None:
        if isinstance(message, Hello):
            self._hello(caller, message)
        else:
            caller.refuse("no_hello", "say hello first: the first message of a client is a hello")

    def _input(self, peer: Peer, message: Input) -> None:
        if peer.spectator:
            peer.refuse("spectator", "spectators only watch; connect as a player to move")
        else:
            peer.queue_input(message)

    def _handle(self, peer: Peer, caller: Caller, message: Message | Untyped) -> bool:
        match message:
            case Ack():
                peer.acknowledge(message)
            case Ping(time=time, rtt=rtt):
                peer.rtt = rtt or peer.rtt
                caller.send(Pong(time, self._server.time))
            case Request():
                self._server.spawn(peer.answer(message))
            case Command():
                self._obey(peer, message)
            case Reply():
                peer.requests.replied(message)
            case _:
                return False
        return True

    def _obey(self, peer: Peer, command: Command) -> None:
        try:
            self._server.rights.obey(peer, command)
        except RequestFailed as error:
            peer.refuse(error.code, str(error))

    def _hello(self, caller: Caller, hello: Hello) -> None:
        if caller.peer is not None:
            caller.refuse("second_hello", "you have joined already; one hello a connection")
            return
        answer = self._server.roster.sessions.admit(hello, self._password, self._server.limits)
        if isinstance(answer, Refusal):
            caller.count(answer.code)
            caller.send(answer)
            caller.close(CloseCode.POLICY_VIOLATION, answer.message)
        elif answer.arrival == "new":
            self._join(caller, answer)
        else:
            self._come_back(caller, hello, answer)

    def _join(self, caller: Caller, admission: Admission) -> None:
        peer = self._server.roster.add(admission.session)
        peer.attach(caller)
        self._welcome(caller, admission)
        peer.apply_link()
        if admission.lost:
            caller.send(ErrorReply("session_over", f"you are a newcomer: {admission.lost}"))
        self._server.roster.joined(peer)
        peer.send_snapshot(self._server.publisher)

    def _come_back(self, caller: Caller, hello: Hello, admission: Admission) -> None:
        roster = self._server.roster
        peer = roster.peer_of(admission.session)
        if peer.connected:
            roster.dropped(peer, CloseCode.ABNORMAL_CLOSURE, "it came back over another connection")
        if admission.arrival == "resumed":  # else what it has got was of another session
            self._catch_up(peer, hello)
        peer.attach(caller)
        self._welcome(caller, admission)
        peer.apply_link()
        peer.send_again()
        self._server.rights.tell(peer)
        roster.resumed(peer)
        peer.send_snapshot(self._server.publisher)

    def _catch_up(self, peer: Peer, hello: Hello) -> None:
        if isinstance(hello.received, int):
            peer.confirm(hello.received)
        else:
            peer.session.delivery.forgo()  # a plain client, which does not count

    def _welcome(self, caller: Caller, admission: Admission) -> None:
        server, session = self._server, admission.session
        caller.send(
            Welcome(
                player_id=session.id,
                name=session.name,
                resume=session.offered,
                resumed=admission.arrival == "resumed",
                received=session.delivery.received,
                room=server.name,
                tick=server.tick,
                tick_rate=server.tick_rate,
                server_time=server.time,
            )
        )
        session.delivery.told()
