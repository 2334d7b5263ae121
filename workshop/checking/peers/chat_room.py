"""A room with somebody in it that a client knows only from messages."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import netlib
from workshop.checking.lab import Lab
from workshop.checking.program import Program

ZOE, YAN, GONE = 70, 71, 99  # ids of two who are here at times, and of somebody who is not


class ChatRoom:
    """A server of ours, with Zoe in it, whom the client knows only from a message."""

    def __init__(self, server: netlib.Server) -> None:
        self.server, self.names = server, {ZOE: "Zoe"}
        self.did: list[str] = []
        for kind in ("who", "chat"):
            server.declare(kind)
        server.on("emote", lambda peer, message: self.did.append(str(message.fields.get("kind"))))
        server.on(netlib.Joined, self.joined)

    def joined(self, event: netlib.Joined) -> None:
        """Somebody comes: tell them all."""
        self.names[event.peer.id] = event.peer.name
        self.tell_who()

    def tell_who(self) -> None:
        """Tell everybody who is here."""
        self.tell("who", names={str(id): name for id, name in self.names.items()})

    def tell(self, type: str, /, **fields: Any) -> None:
        """Tell everybody something."""
        self.server.broadcast(netlib.Untyped(type, fields))


@contextlib.asynccontextmanager
async def visited(lab: Lab) -> AsyncIterator[tuple[ChatRoom, Program]]:
    """A server of ours, and their client in it, with its first frame drawn."""
    port = lab.ports.free()
    server = netlib.Server("The check", host="127.0.0.1", port=port, discoverable=False)
    room = ChatRoom(server)
    expected = "the client joins the room, and opens a window"
    async with server, lab.client(port, "--name", "Ada", expected=expected) as program:
        yield room, program
