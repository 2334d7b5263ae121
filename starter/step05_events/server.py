"""A fire in the night, the server: it tells everybody what the others say and do.

Run it with ``python -m starter.step05_events.server``; Ctrl-C ends it.
"""

from __future__ import annotations

from typing import Any

import netlib
from starter.step05_events.messages import Chat, Emote, Who
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start


class Fire:
    """What happens around the fire: one listener for each thing."""

    def __init__(self, server: netlib.Server) -> None:
        self.server = server
        # TODO 05.3: listen. server.on(Emote, self.emote) calls emote with each Emote that arrives. Chat
        # messages belong to chat; and tell_who is for two events, netlib.Joined and netlib.Left.

    def tell_who(self, event: netlib.Joined | netlib.Left) -> None:
        """Somebody has come or gone: tell everybody who is here now."""
        # TODO 05.4: this tells everybody that nobody is here. Fill the dict: names, by their ids. Those who
        # are here now are in self.server.peers, each with an id and a name.
        self.server.broadcast(Who({}))

    def chat(self, peer: netlib.Peer, message: Chat) -> None:
        """Tell the others what ``peer`` says."""
        # TODO 05.5: this hands on what came, with whatever sender somebody put into it. Make a new message,
        # with the sender that we know. The peer that said it need not hear it again. See emote.
        self.server.broadcast(message)

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
