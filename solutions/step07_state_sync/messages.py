"""What the server tells. In JSON every key is a string, so ids travel as strings."""

from __future__ import annotations

from typing import Any, TypeAlias

import netlib

Fields: TypeAlias = dict[str, Any]  # of one entity, by their names


class Snapshot(netlib.Message, frozen=True, tag="full"):
    """← The whole world, for a newcomer: the entities of each collection, by id."""

    state: dict[str, dict[str, Fields]]


class Delta(netlib.Message, frozen=True, tag="delta"):
    """← What is different since the last message: fields that changed, and ids that are gone."""

    set: dict[str, dict[str, Fields]]
    gone: dict[str, list[str]]
