"""The server: it takes in what painters do, and gives everybody the board."""

from msgspec.structs import replace

import netlib
from examples.canvas.rules import MAX_BYTES, MAX_PICTURE, Board, Draw, Hover, Mark
from netlib.threads import BackgroundServer


def canvas(port: int, board: Board) -> BackgroundServer:
    """A server for painters who share a board."""
    limits, brushes = netlib.Limits(message_size=MAX_PICTURE + 4096), dict[int, Mark]()
    server = BackgroundServer(
        "Canvas", port=port, next_port=True, input_type=Hover, limits=limits, first_is_host=True
    )
    is_host = server.server.rights.is_host
    server.on(Draw, lambda peer, draw: board.draw(peer.id, draw.mark))
    server.on("undo", lambda peer, undo: board.undo(peer.id))
    server.on("clear", lambda peer, clear: board.clear() if is_host(peer) else None)
    server.on(netlib.Left, lambda event: brushes.pop(event.peer.id, None))

    @server.on_tick
    def tick(dt: float) -> None:
        for peer in server.players:
            for hover in peer.take_inputs():
                brushes[peer.id] = replace(hover.brush, png=b"")
        names = {str(peer.id): peer.name for peer in server.players}
        full = board.bytes >= MAX_BYTES
        server.publish({"marks": board.marks, "brushes": brushes, "names": names, "full": full})

    return server
