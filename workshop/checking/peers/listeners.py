"""Clients without a window that keep a copy of the world from what they are told, as it should be kept."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeAlias

import msgspec

import netlib
from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.game.rules.entities import ROUND_ID
from workshop.game.rules.messages import Move

RIGHT, LEFT = Move(move=(1.0, 0.0)), Move(move=(-1.0, 0.0))
WORDS = 90  # characters of a message that are shown

Fields: TypeAlias = dict[str, Any]
Collections: TypeAlias = dict[str, dict[str, Fields]]


class Full(netlib.Message, frozen=True, tag="full"):
    """A whole world."""

    state: Collections


class Delta(netlib.Message, frozen=True, tag="delta", omit_defaults=False):
    """A change of it."""

    set: Collections = msgspec.field(default_factory=dict)
    gone: dict[str, list[Any]] = msgspec.field(default_factory=dict)

    @property
    def left(self) -> list[Any]:
        """The ids of players that are gone."""
        return self.gone.get("players", [])


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

    @property
    def phase(self) -> str:
        """Of the round, as far as it was told."""
        return str(self.copy.get("round", {}).get(str(ROUND_ID), {}).get("phase"))

    def _take(self, message: Full | Delta) -> None:
        self.heard.append((message, self.copy))
        self.copy = changed(self.copy, message)

    async def hears_of(self, other: Listener) -> None:
        """Wait until it was told of a player. Raises `Wrong`: it is not told."""
        if not await until(lambda: other.id in self.copy.get("players", {})):
            expected = f"{other.client.name} joins, and {self.client.name} is told of that player"
            saw = f"in {PATIENCE:.0f} seconds no message to {self.client.name} named player {other.id}"
            raise Wrong(expected, saw, "untold_newcomer")

    async def step(self, move: Move = RIGHT) -> Delta:
        """Take a step, and return the delta that tells of it. Raises `Wrong`: none does."""
        before, name = self.me.get("x"), self.client.name
        self.client.send_input(move)
        await until(lambda: self.me.get("x") != before)
        found = self.heard[-1][0] if self.heard else None
        if self.me.get("x") == before or not isinstance(found, Delta):
            saw = f"no delta told {name} so for {PATIENCE:.0f} seconds"
            raise Wrong(f"{name} takes a step, and a delta says where that player is now", saw, "untold")
        return found


def changed(copy: Collections, message: Full | Delta) -> Collections:
    """A copy after a message; the one before it stays."""
    if isinstance(message, Full):
        return message.state
    after = {name: dict(entities) for name, entities in copy.items()}
    for name, entities in message.set.items():
        known = after.setdefault(name, {})
        for id, fields in entities.items():
            known[id] = known.get(id, {}) | fields
    for name, ids in message.gone.items():
        for id in ids:
            after.get(name, {}).pop(str(id), None)
    return after


@contextlib.asynccontextmanager
async def joined(port: int, name: str, *, spectator: bool = False) -> AsyncIterator[Listener]:
    """A client of ours in their room."""
    address = f"ws://127.0.0.1:{port}"
    client = netlib.connect(address, name=name, spectator=spectator, messages=[Full, Delta])
    listener = Listener(client)
    async with client:
        yield listener


def repeated(message: Full | Delta, before: Collections) -> Iterator[str]:
    """Entities in a delta that were known in full already."""
    for name, entities in message.set.items() if isinstance(message, Delta) else ():
        for id, fields in entities.items():
            known = before.get(name, {}).get(id)
            if known is not None and known | fields == known:
                yield f"{name} {id}"


def short(thing: Fields | Full | Delta | None) -> str:
    """An entity or a message in a few words."""
    text = "nothing" if thing is None else msgspec.json.encode(thing).decode()
    return text if len(text) <= WORDS else f"{text[:WORDS]} …"


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
