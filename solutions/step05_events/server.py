"""A fire in the night, the server: it tells everybody what the others say and do.

Run it with ``python -m solutions.step05_events.server``; Ctrl-C ends it.
"""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step05_events.messages import Chat, Emote, Who
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start


class Fire:
    """What happens around the fire: one listener for each thing."""

    def __init__(self, server: netlib.Server) -> None:
        self.server = server
        server.on(netlib.Joined, self.tell_who)
        server.on(netlib.Left, self.tell_who)
        server.on(Chat, self.chat)
        server.on(Emote, self.emote)

    def tell_who(self, event: netlib.Joined | netlib.Left) -> None:
        """Somebody has come or gone: tell everybody who is here now."""
        names = {peer.id: peer.name for peer in self.server.peers}
        self.server.broadcast(Who(names))

    def chat(self, peer: netlib.Peer, message: Chat) -> None:
        """Tell the others what ``peer`` says."""
        self.server.broadcast(Chat(message.text, sender=peer.id), exclude=[peer])

    def emote(self, peer: netlib.Peer, message: Emote) -> None:
        """Tell the others what ``peer`` does."""
        self.server.broadcast(Emote(message.kind, sender=peer.id), exclude=[peer])


async def serve(*, host: str | None, port: int, seconds: float | None, **_: Any) -> int:
    """Serve until somebody presses Ctrl-C, or for ``seconds``. Returns the exit code."""
    server = netlib.Server("The fire", host=host, port=port, discoverable=False)
    Fire(server)
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
