"""netlib: WebSocket networking for games, small enough to be read.

A reading order:

1. `messages`, `codecs`, `wire`, `events`: what crosses the wire, and what happens here.
2. The thinking. No socket, no clock, no asyncio: values in, values out.
   `handshake`, `session`, `delivery`, `backoff`: who is in the room, and nothing gets lost.
   `state`, `quantise`, `packing`, `sync`: the world on the wire. `inputs`, `prediction`,
   `interpolation`: playing in it. `timing`, `server_clock`, `conditioner`, `metrics`: the link.
3. `loops`, `network`, `framing`, `owner`, `transport`, `keepalive`, `dispatch`,
   `requests`: asyncio, and one WebSocket.
4. `web`, `caller`, `acceptor`, `reception`, `peer`, `roster`, `rights`, `ticker`,
   `about`, `server`: a room.
   `dialling`, `line`, `comeback`, `presence`, `conversation`, `client`: a player.
5. `beacon`, `room_events`, `interfaces`, `discovery`: finding rooms on the LAN.
6. `threads`: all of it for programs without asyncio. `testing`: all of it in the memory of a
   test, in time that nobody waits for. `recording`: all of it again, from a file.

PROTOCOL.md has the wire. What is imported here is what a program may use.
"""

from netlib.client import Client, connect
from netlib.codecs import JSON, MSGPACK, Codec
from netlib.comeback import Reconnecting
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
    RequestFailed,
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
    Dropped,
    Event,
    Events,
    Interrupted,
    Joined,
    Left,
    Paused,
    Resumed,
    ServerError,
    Started,
    StateChanged,
)
from netlib.handshake import Limits
from netlib.interpolation import InterpolationBuffer
from netlib.loops import clock, frames, run
from netlib.messages import Input, Message, Untyped
from netlib.peer import Peer
from netlib.prediction import Predictor, TickInput, Verdict
from netlib.quantise import Quantised, rounded
from netlib.room_events import RoomChanged, RoomFound, RoomLost
from netlib.server import Server
from netlib.server_clock import ServerClock
from netlib.state import Entity
from netlib.timing import Accumulator
from netlib.wire import Command

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
    "Command",
    "Entity",
    "Quantised",
    "rounded",
    "Codec",
    "JSON",
    "MSGPACK",
    # What happens here
    "Event",
    "Events",
    "Joined",
    "Dropped",
    "Resumed",
    "Left",
    "Paused",
    "Started",
    "Connected",
    "Interrupted",
    "Reconnecting",
    "Disconnected",
    "ServerError",
    "StateChanged",
    # Loops and time
    "run",
    "frames",
    "clock",
    "Accumulator",
    # One's own player now, the others a little in the past
    "Predictor",
    "TickInput",
    "Verdict",
    "InterpolationBuffer",
    "ServerClock",
    # Finding rooms
    "Browser",
    "Room",
    "find_rooms",
    "RoomFound",
    "RoomChanged",
    "RoomLost",
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
    "RequestFailed",
]
