"""The servers that are compared: one small module for each way to write one."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple

from workshop.bench.compare.rows.serving import Serve

UVLOOP = "uvloop"


class Row(NamedTuple):
    """One row of the table.

    Attributes:
        title: for people.
        module: the module here whose ``serve`` runs it.
        dialect: what its clients speak; a key of `dialects.DIALECTS`.
        fast: whether it runs on uvloop.
    """

    title: str
    module: str
    dialect: str
    fast: bool = False

    @property
    def missing(self) -> str:
        """What this Python lacks for it; empty when it can run."""
        return UVLOOP if self.fast and find_spec(UVLOOP) is None else ""

    @property
    def serve(self) -> Serve:
        """What runs it."""
        found: Serve = import_module(f"{__name__}.{self.module}").serve
        return found


REFERENCE: Final = "a"  # what the others are compared with
ROWS: Final = {
    "a": Row("websockets", "bare_websockets", "plain"),
    "b": Row("raw TCP", "raw_tcp", "tcp"),
    "c": Row("tutorial", "tutorial", "plain"),
    "d": Row("netlib JSON", "room", "netlib json"),
    "e": Row("netlib MessagePack", "room", "netlib msgpack"),
    "f": Row("netlib JSON, uvloop", "room", "netlib json", fast=True),
    "g": Row("netlib MessagePack, uvloop", "room", "netlib msgpack", fast=True),
    "h": Row("websockets, uvloop", "bare_websockets", "plain", fast=True),
}
