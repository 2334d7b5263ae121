"""The servers that are compared: one small module for each way to write one."""

from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple

from workshop.maintenance.bench.compare.rows.serving import Serve

UVLOOP = "uvloop"


class Entrant(NamedTuple):
    """One row of the table."""

    title: str  # for people
    about: str  # what it is, for people who do not know the field
    module: str  # the module in this package whose ``serve`` runs it
    dialect: str  # what its clients speak; a key of `dialects.DIALECTS`
    fast: bool = False  # whether it runs on uvloop

    @property
    def missing(self) -> str:
        """What this Python lacks for it; empty if it can run."""
        return UVLOOP if self.fast and find_spec(UVLOOP) is None else ""

    @property
    def serve(self) -> Serve:
        """The function that runs it."""
        found: Serve = import_module(f"{__name__}.{self.module}").serve
        return found


REFERENCE: Final = "a"  # what the others are compared with
FASTER: Final = "as {}, on uvloop, a faster event loop: the extra `fast`"
ROWS: Final = {
    "a": Entrant(
        "websockets",
        "the bare library: the whole state as JSON, encoded once a tick; all others are compared with it",
        "bare_websockets",
        "plain",
    ),
    "b": Entrant(
        "raw TCP", "as websockets, but without WebSocket: what is left is the system's work", "raw_tcp", "tcp"
    ),
    "c": Entrant(
        "tutorial", "what most tutorials show: the json module, once for each client", "tutorial", "plain"
    ),
    "d": Entrant(
        "netlib JSON", "netlib with all that it does, in text that people can read", "room", "netlib json"
    ),
    "e": Entrant("netlib MessagePack", "netlib with its shorter encoding", "room", "netlib msgpack"),
    "f": Entrant("netlib JSON, uvloop", FASTER.format("netlib JSON"), "room", "netlib json", fast=True),
    "g": Entrant(
        "netlib MessagePack, uvloop", FASTER.format("netlib MessagePack"), "room", "netlib msgpack", fast=True
    ),
    "h": Entrant("websockets, uvloop", FASTER.format("websockets"), "bare_websockets", "plain", fast=True),
}
