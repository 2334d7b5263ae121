"""The server: it takes in what painters do, and gives everybody the board."""

from typing import Any

import netlib
from examples.canvas.rules import MAX_PICTURE, Board, Draw, Hover


def make_server(board: Board, **options: Any) -> netlib.Server:
    """A server whose painters share a board; the one who is there longest is its host.

    Args:
        options: those of `netlib.Server`.
    """
    limits = netlib.Limits(message_size=MAX_PICTURE + 4096)  # a picture is the largest message
    server = netlib.Server("Canvas", first_is_host=True, limits=limits, **options)
    server.on(Draw, lambda peer, draw: board.draw(peer.id, draw.mark))
    server.on(Hover, lambda peer, at: None if at.brush.png else board.brushes.update({peer.id: at.brush}))
    server.on("undo", lambda peer, undo: board.undo(peer.id))
    server.on("clear", lambda peer, clear: board.clear() if server.rights.is_host(peer) else None)
    server.on(netlib.Left, lambda event: board.brushes.pop(event.peer.id, None))

    @server.on_tick
    def tick(dt: float) -> None:
        names = {str(peer.id): peer.name for peer in server.players}
        server.publish({"marks": board.marks, "brushes": board.brushes, "names": names, "said": board.said()})

    return server
