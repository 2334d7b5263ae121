"""The server: it takes in what painters do, and gives everybody the board."""

from msgspec.structs import replace

import netlib
from examples.canvas.rules import MAX_BYTES, MAX_PICTURE, Board, Draw, Hover, Mark


def make_server(port: int) -> netlib.Server:
    """A server with an empty board; the painter who is there longest is its host."""
    limits = netlib.Limits(message_size=MAX_PICTURE + 4096)  # a picture is the largest message
    server = netlib.Server("Canvas", port=port, next_port=True, first_is_host=True, limits=limits)
    serve(server, Board())
    return server


def serve(server: netlib.Server, board: Board) -> None:
    """Let the painters of a server share a board."""
    brushes: dict[int, Mark] = {}
    server.on(Draw, lambda peer, draw: board.draw(peer.id, draw.mark))
    server.on(Hover, lambda peer, at: brushes.update({peer.id: replace(at.brush, png=b"", painter=peer.id)}))
    server.on("undo", lambda peer, undo: board.undo(peer.id))
    server.on("clear", lambda peer, clear: board.clear() if server.rights.is_host(peer) else None)
    server.on(netlib.Left, lambda event: brushes.pop(event.peer.id, None))

    @server.on_tick
    def tick(dt: float) -> None:
        names = {str(peer.id): peer.name for peer in server.players}
        said = "The board is full." if board.bytes >= MAX_BYTES else ""
        server.publish({"marks": board.marks, "brushes": brushes, "names": names, "said": said})
