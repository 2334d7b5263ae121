"""netlib: WebSocket networking for games, small enough to be read.

A reading order:

1. `messages`, `codecs`, `wire`, `events`: what crosses the wire, and what happens here.
2. `state`, `inputs`, `session`, `timing`, `conditioner`, `metrics`, `sync`: the thinking. No
   socket, no clock, no asyncio: values in, values out.
3. `loops`, `network`, `transport`, `dispatch`: asyncio, and one WebSocket.
4. `peer`, `web`, `acceptor`, `server`: a room. `dialling`, `client`: a player.
5. `beacon`, `interfaces`, `discovery`: finding rooms on the LAN.

PROTOCOL.md has the wire. What is imported here is what a program may use.
"""

from netlib.client import Client, connect
from netlib.codecs import JSON, MSGPACK, Codec
from netlib.conditioner import PERFECT, PRESETS, LinkConditions
from netlib.discovery import Browser, Room, find_rooms
from netlib.errors import (
    BadMessage,
    ConnectError,
    ConnectionLost,
    HostNotFound,
    MessageError,
    MessageTooBig,
    NetlibError,
    NotOurServer,
    PortInUse,
    Refused,
    RoomFull,
    StartError,
    UnknownType,
    Unreachable,
    WrongPassword,
    WrongVersion,
)
from netlib.events import (
    Connected,
    Disconnected,
    Event,
    Events,
    Joined,
    Left,
    ServerError,
    StateChanged,
)
from netlib.loops import clock, frames, run
from netlib.messages import Input, Message, Untyped
from netlib.peer import Peer
from netlib.server import Server
from netlib.session import Limits
from netlib.state import Entity
from netlib.timing import Accumulator

__all__ = [  # noqa: RUF022 - grouped by purpose
    # A room, and a player in it
    "Server",
    "Peer",
    "Limits",
    "Client",
    "connect",
    # What crosses the wire
    "Message",
    "Untyped",
    "Input",
    "Entity",
    "Codec",
    "JSON",
    "MSGPACK",
    # What happens here
    "Event",
    "Events",
    "Joined",
    "Left",
    "Connected",
    "Disconnected",
    "ServerError",
    "StateChanged",
    # Loops and time
    "run",
    "frames",
    "clock",
    "Accumulator",
    # Finding rooms
    "Browser",
    "Room",
    "find_rooms",
    # A worse network
    "LinkConditions",
    "PERFECT",
    "PRESETS",
    # Errors
    "NetlibError",
    "StartError",
    "PortInUse",
    "MessageError",
    "BadMessage",
    "UnknownType",
    "MessageTooBig",
    "ConnectError",
    "HostNotFound",
    "Unreachable",
    "NotOurServer",
    "Refused",
    "WrongVersion",
    "RoomFull",
    "WrongPassword",
    "ConnectionLost",
]
