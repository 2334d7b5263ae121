"""netlib: WebSocket networking for games, small enough to be read.

Twelve files make a whole netlib in your head; read them in this order:

 1. `protocol/messages.py`, `protocol/frames.py`: what crosses the wire.
 2. `session/sessions.py`, `session/delivery.py`: who is in the room, and nothing gets lost.
 3. `state/state.py`, `state/sync.py`: the world on the wire.
 4. `transport/connection.py`: one WebSocket on asyncio.
 5. `client/dial.py`, `client/reconnect.py`, `client/client.py`: a player.
 6. `server/peer.py`, `server/server.py`: a room.

All else is a chapter that may be skipped. The folders are floors; each knows itself and those before it:
`errors`, `arguments` (what calls take), `protocol`, `events`, `session`, `state`, `play` (inputs,
prediction, interpolation, timing), `transport`, `discovery` (finding rooms on the LAN), `client` and
`server`, which do not know each other.
Beside them are what a program has that wants it: `rooms` (many on one port, groups, timers), `interest` (what
each player may see) and `lag_compensation` (what it saw).
`threads` is for programs without asyncio, `testing` runs all of it in the memory of a test, in time that
nobody waits for, and `recording` plays it again from a file. `interest` shows each player only what it may
see.

PROTOCOL.md has the wire. What is imported here is what a program may use.
"""

# ruff: noqa: RUF022 - what a program may use is grouped by purpose

from netlib.client.client import Client, connect
from netlib.client.reconnect import Reconnecting
from netlib.discovery.beacon import Room, RoomInfo
from netlib.discovery.discovery import Browser, RoomChanged, RoomFound, RoomLost, find_rooms
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
    UnknownCollection,
    UnknownType,
    Unreachable,
    WrongArgument,
    WrongCall,
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
from netlib.play.interpolation import InterpolationBuffer, Sample
from netlib.play.metrics import LinkMetrics, Rate, ServerMetrics
from netlib.play.prediction import Predictor, TickInput, Verdict
from netlib.play.timing import Accumulator, ServerClock
from netlib.protocol.codecs import JSON, MSGPACK, Codec
from netlib.protocol.frames import Command, RoomState
from netlib.protocol.messages import Input, Message, Untyped
from netlib.server.http import Page
from netlib.server.peer import Peer
from netlib.server.server import Server
from netlib.session.handshake import Limits
from netlib.state.angle import Angle
from netlib.state.quantise import Quantised, rounded
from netlib.state.state import Collections, Entity
from netlib.transport.conditioner import PERFECT, PRESETS, LinkConditions
from netlib.transport.loops import clock, frames, run

# A room, a player in it, and what they tell of themselves
__all__ = ["Server", "Peer", "Limits", "Client", "connect", "LinkMetrics", "ServerMetrics", "Rate"]
# What crosses the wire
__all__ += ["Message", "Untyped", "Input", "Command", "RoomState", "Entity"]
__all__ += ["Collections", "Quantised", "rounded", "Angle", "Codec", "JSON", "MSGPACK", "Page"]
# What happens here
__all__ += ["Event", "Events", "Joined", "Dropped", "Resumed", "Left", "Paused", "Started"]
__all__ += ["Connected", "Interrupted", "Reconnecting", "Disconnected", "ServerError", "StateChanged"]
# Loops and time
__all__ += ["run", "frames", "clock", "Accumulator"]
# Your own player now, the others a little in the past
__all__ += ["Predictor", "TickInput", "Verdict", "InterpolationBuffer", "Sample", "ServerClock"]
# Finding rooms
__all__ += ["Browser", "Room", "RoomInfo", "find_rooms", "RoomFound", "RoomChanged", "RoomLost"]
# A worse network
__all__ += ["LinkConditions", "PERFECT", "PRESETS"]
# Errors
__all__ += ["NetlibError", "WrongArgument", "WrongCall", "StartError", "PortInUse"]
__all__ += ["MessageError", "BadMessage", "UnknownType", "MessageTooBig"]
__all__ += ["ConnectError", "HostNotFound", "Unreachable", "NotOurServer"]
__all__ += ["Refused", "WrongVersion", "RoomFull", "WrongPassword"]
__all__ += ["ConnectionLost", "RequestFailed", "UnknownCollection"]
