"""The fire, with listeners that are functions."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

import netlib
from solutions.step05_events.messages import Chat, Emote, Who
from workshop.game.flags import server_options
from workshop.game.start import keep_open, start


def make(host: str | None, port: int) -> netlib.Server:
    """A room with its listeners."""
    server = netlib.Server("Fire", host=host, port=port, discoverable=False)
    here: dict[int, str] = {}

    @server.on(netlib.Joined)
    def joined(event: netlib.Joined) -> None:
        here[event.peer.id] = event.peer.name
        server.broadcast(Who(here))

    @server.on(netlib.Left)
    def left(event: netlib.Left) -> None:
        here.pop(event.peer.id, None)
        server.broadcast(Who(here))

    @server.on(Emote)
    @server.on(Chat)
    def relay(peer: netlib.Peer, message: Chat | Emote) -> None:
        server.broadcast(replace(message, sender=peer.id), exclude={peer})

    return server


async def serve(*, host: str | None, port: int, seconds: float | None, **_: Any) -> int:
    """Serve."""
    return await keep_open(make(host, port), seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
