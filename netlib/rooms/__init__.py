"""Many rooms in one server, on one port: kinds of rooms, codes for friends, lists, groups and timers.

A program says how a room of a kind is furnished; players ask for one by `Join`, and the server makes it::

    server = RoomServer("Game night", port=8765)

    @server.kind("table", limits=Limits(max_players=2))
    def table(room: KindRoom) -> None:
        @room.on(Move)
        def move(peer: Peer, message: Move) -> None: ...

    async with netlib.connect(url, name="Ada", join=Join(kind="table")) as client: ...

Each room is what `netlib.Server` is without a port: it has its own players, ticks, state and listeners.
Which room a client gets is decided as its hello comes, in one process, so no seat need be reserved
(Colyseus and Photon call this matchmaking).
"""

from netlib.protocol.frames import Join
from netlib.rooms.groups import Group
from netlib.rooms.listing import Listing, list_rooms
from netlib.rooms.room import KindRoom
from netlib.rooms.server import RoomServer
from netlib.rooms.timers import Timer, Timers
from netlib.server.admission import Visitor

__all__ = ["Group", "Join", "KindRoom", "Listing", "RoomServer", "Timer", "Timers", "Visitor", "list_rooms"]
