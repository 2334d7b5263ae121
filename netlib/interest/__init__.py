"""What each player may see: private collections, and only what is near.

A state is divided into *areas*: what everybody sees, what one player owns, one cell of a grid. The changes of
each area are encoded once for all who see it, and the snapshot of a client is joined from the pieces. So
nothing private or far away is ever in another client's bytes, and a player costs the same in a room of a
thousand as in one of a hundred (interest management, as in Quake's potentially visible sets, and in the
grids of BigWorld and Unreal's replication graph)::

    views = Views(server, cell=512, radius=1024, positions={"players": ("x", "y")})

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            views.focus(peer, *place_of(peer))
        server.publish({"players": players, "hand": Private({ada.id: {1: Card("ace")}})})
"""

from netlib.interest.views import Views
from netlib.state.intake import Private

__all__ = ["Private", "Views"]
