"""Step 07: who is new gets the whole world, everybody what changes, once; the client keeps a true copy."""

from __future__ import annotations

import msgspec

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.listeners import Delta, Full, fields, joined, repeated, unlike
from workshop.checking.peers.telling_room import OTHER, SEED, lying, shown, windowed
from workshop.checking.peers.waiting import until
from workshop.checks.step07_state_sync.causes import (
    added,
    different,
    empty,
    full_again,
    ghost,
    gone_again,
    no_change,
    not_first,
    not_merged,
    not_shown,
    numbers,
    stays,
    too_large,
    twice,
)
from workshop.game.entities import Resource

SHARE = 4  # a change is smaller than the whole world by this factor, at least
check = Check("step07_state_sync", files=["messages.py", "sync.py", "server.py", "client.py"])


@check.part("a newcomer gets the whole world before anything else")
async def whole_first(lab: Lab) -> None:
    """One client."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.heard)
        if not ada.heard or isinstance(ada.heard[0][0], Delta):
            await until(lambda: len(ada.heard) > 5, 1.0)
            raise not_first(lab, [message for message, _ in ada.heard])
        missing = [name for name in ("resources", "round") if not ada.copy.get(name)]
        if missing:
            raise empty(lab, missing)


@check.part("who is there gets what changes, and not the rest")
async def changes(lab: Lab) -> None:
    """A step to the right."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        delta = await ada.step()
        if "x" not in delta.set.get("players", {}).get(ada.id, {}):
            raise no_change(lab)
        most, size = len(msgspec.json.encode(ada.heard[0][0])), len(msgspec.json.encode(delta))
        if size * SHARE > most:
            raise too_large(lab, size, most, sum(map(len, delta.set.values())))


@check.part("nothing is sent twice")
async def once(lab: Lab) -> None:
    """Ben stands still, while Ada takes some steps."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.me and ben.id in ada.copy["players"])
            begun = len(ada.heard)
            for _ in range(4):
                await ada.step()
            if any(isinstance(message, Full) for message, _ in ada.heard[1:]):
                raise full_again(lab)
            for message, before in ada.heard[begun + 1 :]:
                if again := next(repeated(message, before), None):
                    raise twice(lab, *again)


@check.part("what is gone is told, once")
async def gone(lab: Lab) -> None:
    """Ben comes and goes; then Ada takes a step."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.id in ada.copy["players"])
        await until(lambda: ben.id not in ada.copy["players"])
        if ben.id in ada.copy["players"]:
            raise ghost(lab)
        ids = [
            id
            for message, _ in ada.heard
            if isinstance(message, Delta)
            for id in message.gone.get("players", [])
        ]
        if not all(isinstance(id, str) for id in ids):
            raise numbers(lab, ids)
        again = (await ada.step()).gone.get("players")
        if again:
            raise gone_again(lab, again)


@check.part("who comes late has the same world as who was there early")
async def late(lab: Lab) -> None:
    """Ada moves, Cem comes and goes, then Ben comes."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await until(lambda: ada.me)
        async with joined(port, "Cem"):
            for _ in range(3):
                await ada.step()
        async with joined(port, "Ben") as ben:
            await until(lambda: ben.me and ben.id in ada.copy["players"])
            for _ in range(2):
                await ada.step()
            await until(lambda: ada.copy == ben.copy)
            if found := next(unlike(ada.copy, ben.copy), None):
                raise different(lab, *found)


@check.part("the client shows the world of a snapshot, all of it and nothing else", after=[])
async def shows(lab: Lab) -> None:
    """Our server sends one; and then another with less in it, as after a restart."""
    async with windowed(lab) as (room, program):
        if set(shown(program)) != {room.me, OTHER} or lying(program) != [3, 12]:
            raise not_shown(lab, program)
        room.tell(Full(room.world("3", others=False)))
        if not await program.until(lambda: (list(shown(program)), lying(program)) == ([room.me], [3])):
            raise added(lab, program)


@check.part("the client changes what a delta names, takes away what is gone, and leaves the rest")
async def follows(lab: Lab) -> None:
    """The own player has another x, and a resource is new; then a resource and a player are gone."""
    async with windowed(lab) as (room, program):
        (x, y), other = shown(program)[room.me], shown(program)[OTHER]
        gem = {"40": fields(Resource("gem", x, y))}
        room.tell(Delta(set={"players": {room.me: {"x": x + 640}}, "resources": gem}))
        wanted = {room.me: (x + 640, y), OTHER: other}
        await program.until(lambda: program.exit_code is not None or lying(program) == [3, 12, 40])
        if shown(program) != wanted or lying(program) != [3, 12, 40]:
            raise not_merged(lab, program)
        room.tell(Delta(gone={"resources": ["12"], "players": [OTHER]}))
        if not await program.until(lambda: OTHER not in shown(program) and lying(program) == [3, 40]):
            raise stays(lab, program)
