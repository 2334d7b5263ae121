"""Clients without a window that keep a copy of the world from what they are told, as it should be kept."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

import msgspec

import netlib
from workshop.checking.peers.waiting import until
from workshop.game.messages import Move

RIGHT = Move(move=(1.0, 0.0))

Fields: TypeAlias = dict[str, Any]
Collections: TypeAlias = dict[str, dict[str, Fields]]


class Full(netlib.Message, frozen=True, tag="full"):
    """A whole world."""

    state: Collections


class Delta(netlib.Message, frozen=True, tag="delta", omit_defaults=False):
    """A change of it."""

    set: Collections = msgspec.field(default_factory=dict)
    gone: dict[str, list[Any]] = msgspec.field(default_factory=dict)


class Listener:
    """A client without a window that notes everything, and keeps a copy as it should be kept.

    Attributes:
        heard: every message, with what the copy was before it.
        copy: of the world.
    """

    def __init__(self, client: netlib.Client) -> None:
        self.client = client
        self.heard: list[tuple[Full | Delta, Collections]] = []
        self.copy: Collections = {}
        client.on(Full, self._take)
        client.on(Delta, self._take)

    @property
    def id(self) -> str:
        """The id of its own player."""
        return str(self.client.player_id)

    @property
    def me(self) -> Fields:
        """Its own player, as far as it was told."""
        return self.copy.get("players", {}).get(self.id, {})

    def _take(self, message: Full | Delta) -> None:
        self.heard.append((message, self.copy))
        self.copy = message.state if isinstance(message, Full) else changed(self.copy, message)

    async def step(self) -> Delta:
        """Take a step to the right, and return the delta that tells of it."""
        before = self.me.get("x")
        self.client.send_input(RIGHT)
        await until(lambda: self.me.get("x") != before)
        found = self.heard[-1][0] if self.heard else None
        return found if isinstance(found, Delta) and self.me.get("x") != before else Delta()


def changed(copy: Collections, delta: Delta) -> Collections:
    """A copy after a delta; the one before it stays."""
    after = {name: dict(entities) for name, entities in copy.items()}
    for name, entities in delta.set.items():
        known = after.setdefault(name, {})
        for id, fields in entities.items():
            known[id] = known.get(id, {}) | fields
    for name, ids in delta.gone.items():
        for id in ids:
            after.get(name, {}).pop(str(id), None)
    return after


@contextlib.asynccontextmanager
async def joined(port: int, name: str) -> AsyncIterator[Listener]:
    """A client of ours in their room."""
    client = netlib.connect(f"ws://127.0.0.1:{port}", name=name, messages=[Full, Delta])
    listener = Listener(client)
    async with client:
        yield listener


def repeated(message: Full | Delta, before: Collections) -> Iterator[tuple[str, str]]:
    """Entities in a delta of which everything was known already."""
    for name, entities in message.set.items() if isinstance(message, Delta) else ():
        for id, fields in entities.items():
            known = before.get(name, {}).get(id)
            if known is not None and known | fields == known:
                yield name, id


def unlike(early: Collections, late: Collections) -> Iterator[tuple[str, Fields | None, Fields | None]]:
    """Entities in which two copies differ: what it is, and both."""
    for name in sorted({*early, *late}):
        for id in sorted({*early.get(name, {}), *late.get(name, {})}):
            one, other = early.get(name, {}).get(id), late.get(name, {}).get(id)
            if one != other:
                yield f"{name} {id}", one, other


def fields(entity: netlib.Entity) -> Fields:
    """An entity as it travels."""
    return msgspec.structs.asdict(entity)
