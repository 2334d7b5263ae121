"""What a host can order in the game: a new round, another name for a player."""

from typing import Annotated, Literal

from msgspec import Meta

import netlib
from workshop.game.rules.chat_rules import MAX_CHAT
from workshop.game.rules.messages import Notice
from workshop.game.rules.world import World


class Order(netlib.Message, frozen=True, omit_defaults=True):
    """→ A host's order to the server, as a request.

    Args:
        do: "restart" the round; "rename" a player.
        player: the id of the player to rename.
        text: the new name.
    """

    do: Literal["restart", "rename"]
    player: Annotated[int, Meta(ge=0)] = 0
    text: Annotated[str, Meta(max_length=MAX_CHAT)] = ""


class HostOrders:
    """Obeys hosts, and no other players."""

    def __init__(self, server: netlib.Server, world: World) -> None:
        self._server, self._world = server, world
        server.on_request(Order)(self._obey)

    def _obey(self, peer: netlib.Peer, order: Order) -> None:
        only_host(self._server, peer)
        match order.do:
            case "restart":
                self._world.restart_round()
                self._server.broadcast(Notice(f"{peer.name} has restarted the round"))
            case "rename":
                self._rename(order.player, order.text)

    def _rename(self, player_id: int, name: str) -> None:
        found = next((peer for peer in self._server.peers if peer.id == player_id), None)
        if found is None:
            raise netlib.RequestFailed("not_possible", f"nobody here has the number {player_id}")
        before = found.name
        self._server.roster.rename(found, name)
        self._world.rename(player_id, found.name)
        self._server.broadcast(Notice(f"{before} is called {found.name} now"))


def only_host(server: netlib.Server, peer: netlib.Peer) -> None:
    """Check that a request comes from a host.

    Raises:
        RequestFailed: it comes from another player.
    """
    if not server.rights.is_host(peer):
        raise netlib.RequestFailed("not_host", "only the host may do that; the host has a password")
