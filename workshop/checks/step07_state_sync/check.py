"""Step 07: a newcomer gets the whole world, everybody what changes, once; the client keeps a true copy."""

import asyncio

import msgspec

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.listeners import (
    LEFT,
    RIGHT,
    Delta,
    Full,
    Listener,
    changed,
    fields,
    joined,
    repeated,
    short,
    unlike,
)
from workshop.checking.peers.telling_room import OTHER, SEED, displays, windowed
from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.checks.step07_state_sync.causes import CAUSES
from workshop.game.rules.entities import Resource
from workshop.game.rules.messages import Move
from workshop.game.rules.rounds import COUNTDOWN_SECONDS

SHARE = 4  # a change is smaller than the whole world by this factor, at least
IDLE = 0.5  # seconds in which nothing happens
FILES = ["messages.py", "sync.py", "server.py", "client.py"]
check = Check("step07_state_sync", files=FILES, causes=CAUSES)


@check.part("the client shows the world of a snapshot, all of it and nothing else", todo="07.1 07.2 07.3")
async def shows(lab: Lab) -> None:
    """Our server sends one; and then another with less in it, as after a restart."""
    async with windowed(lab) as (room, program):
        room.tell(Full(room.world("3", others=False)))
        expected = f"a second snapshot without player {OTHER} and without resource 12: both disappear"
        await displays(program, {room.me: room.spots[0]}, [3], expected, "merged")


@check.part(
    "the client changes what a delta names, takes away what is gone, and leaves the rest", todo="07.3 07.4"
)
async def follows(lab: Lab) -> None:
    """The own player has another x, and a resource is new; then a resource and a player are gone."""
    async with windowed(lab) as (room, program):
        (x, y), other = room.spots[0], room.spots[5]
        gem = {"40": fields(Resource("gem", x, y))}
        room.tell(Delta(set={"players": {str(room.me): {"x": x + 640}}, "resources": gem}))
        expected = "a delta names an x of one player and a new resource: both are shown, and the rest stays"
        moved = {room.me: (x + 640, y)}
        await displays(program, moved | {OTHER: other}, [3, 12, 40], expected, "not_merged")
        gone = {"resources": ["12"], "players": [str(OTHER)]}
        room.tell(Delta(gone=gone))
        await displays(program, moved, [3, 40], f"a delta with gone={gone}: both disappear", "stays")


@check.part("the server tells of a newcomer, and of each step", todo="07.1 07.6")
async def told(lab: Lab) -> None:
    """Ben joins where Ada is, and both take a step."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        before = ada.copy
        async with joined(port, "Ben") as ben:
            await ada.hears_of(ben)
            await ben.hears_of(ben)
            if lost := [name for name in before if not before[name].keys() <= ada.copy[name].keys()]:
                saw = f"when he was there, deltas had told Ada to forget some of the {' and the '.join(lost)}"
                raise Wrong("Ben joins, and for Ada everything else stays", saw, "wrongly_gone")
            await ada.step()
            await ben.step()


@check.part("a newcomer gets a snapshot of the whole world, before any delta", todo="07.5")
async def whole_first(lab: Lab) -> None:
    """One client."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        expected = "the first message for a newcomer is a snapshot, and deltas follow"
        if not await until(lambda: ada.heard):
            raise Wrong(expected, f"nothing came for {PATIENCE:.0f} seconds", "no_snapshot")
        first = ada.heard[0][0]
        if isinstance(first, Delta):
            if await until(lambda: any(isinstance(message, Full) for message, _ in ada.heard), 1.0):
                saw = "the first message is a delta, and a snapshot comes later"
                raise Wrong(expected, saw, "late_snapshot")
            raise Wrong(expected, f"deltas came ({len(ada.heard)}), and no snapshot", "no_snapshot")
        if missing := [name for name in ("resources", "round") if not first.state.get(name)]:
            expected = "the snapshot for a newcomer has the players, the resources and the round"
            raise Wrong(expected, f"it has no {' and no '.join(missing)}", "empty_snapshot")


@check.part("a delta has what changes, not the rest", after=[whole_first], todo="07.1 07.6")
async def changes(lab: Lab) -> None:
    """A step to the right."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        delta = await ada.step()
        most, size = len(msgspec.json.encode(ada.heard[0][0])), len(msgspec.json.encode(delta))
        if size * SHARE > most:
            entities = sum(map(len, delta.set.values()))
            saw = f"it names {entities} entities in {size} bytes; the whole world takes {most}"
            raise Wrong("a delta has what has changed: one step of one player", saw, "too_large")


@check.part("the server tells nobody a thing twice", after=[told], todo="07.1 07.6")
async def once(lab: Lab) -> None:
    """Ben stands still, while Ada takes some steps there and back."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        async with joined(port, "Ben") as ben:
            await ada.hears_of(ben)
            begun = len(ada.heard)
            for move in (RIGHT, RIGHT, LEFT, LEFT):
                await ada.step(move)
            if any(isinstance(message, Full) for message, _ in ada.heard[1:]):
                expected = "when Ben joins, Ben gets a snapshot; Ada has the world already"
                raise Wrong(expected, "Ada got another snapshot", "full_again")
            for message, before in ada.heard[begun:]:
                for again in repeated(message, before):
                    expected = "a delta says only what has changed since the one before it"
                    raise Wrong(expected, f"a delta repeats {again}, in which nothing has changed", "twice")


@check.part("while nothing changes, the server sends nothing", after=[told], todo="07.6", early=True)
async def idle(lab: Lab) -> None:
    """One step, and then nothing for a while."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        await ada.step()
        begun = len(ada.heard)
        await asyncio.sleep(IDLE)
        needless = [it for it, before in ada.heard[begun:] if changed(before, it) == before]
        if needless:
            saw = f"{len(needless)} messages came in {IDLE} seconds; the first is {short(needless[0])}"
            raise Wrong("when nothing has changed, nothing is sent", saw, "chatter")


@check.part("a player who leaves is gone for the others, who are told once", after=[told], todo="07.2 07.6")
async def leaves(lab: Lab) -> None:
    """Ben comes and goes; then Ada takes a step."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        async with joined(port, "Ben") as ben:
            await ada.hears_of(ben)
        if not await until(lambda: ben.id not in ada.copy["players"]):
            saw = f"no delta has said so for {PATIENCE:.0f} seconds: he stays as a ghost"
            raise Wrong("Ben leaves, and a delta has his id under gone", saw, "ghost")
        ids = [id for message, _ in ada.heard if isinstance(message, Delta) for id in message.left]
        if not all(isinstance(id, str) for id in ids):
            expected = 'the ids under gone are strings, as messages.py has it: {"players": ["2"]}'
            why = "ids are numbers in the state, and the clients refuse numbers in this place"
            saw = f"they are {ids}"
            raise Wrong(expected, saw, "numbers", because=why, hint="str(id), as for the keys of set")
        if again := (await ada.step()).left:
            expected = "the id of a player who has left is in one delta"
            raise Wrong(expected, f"a later delta has it again: {again}", "gone_again")


@check.part("what a player collects is gone", after=[told], todo="07.2 07.6", early=True)
async def collected(lab: Lab) -> None:
    """Wood lies where Ada starts; once the round has begun she takes it."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        if not await until(lambda: ada.phase == "playing", COUNTDOWN_SECONDS + PATIENCE):
            expected = f"the round begins {COUNTDOWN_SECONDS:.0f} seconds after Ada came; a delta says so"
            raise Wrong(expected, f"for Ada it is still: {ada.phase!r}", "untold")
        lay = set(ada.copy["resources"])
        ada.client.send_input(Move(collect=True))
        if not await until(lambda: ada.me.get("score")):
            expected = "Ada collects the wood beside her, and a delta says that she has a point"
            raise Wrong(expected, f"no delta said so for {PATIENCE:.0f} seconds", "untold")
        if not lay - set(ada.copy["resources"]):
            saw = "Ada has the point, and no delta has said that the wood is gone"
            raise Wrong("what Ada collects is under gone, in the delta with her score", saw, "ghost")


@check.part("a latecomer has the same world as all the others", after=[told], todo="07.1 07.2 07.5 07.6")
async def late(lab: Lab) -> None:
    """Ada moves, Cem comes and goes; then Ben comes to play, and Dora to watch."""
    async with lab.server("--seed", SEED) as (_, port), joined(port, "Ada") as ada:
        await ada.hears_of(ada)
        async with joined(port, "Cem"):
            for _ in range(3):
                await ada.step()
        async with joined(port, "Ben") as ben, joined(port, "Dora", spectator=True) as dora:
            await ben.hears_of(ben)
            await ada.hears_of(ben)
            await ada.step()
            await ben.step()
            for other in (ben, dora):
                await same(ada, other)


async def same(ada: Listener, other: Listener) -> None:
    """Raises: Wrong: two copies of the world stay different."""
    if await until(lambda: ada.copy == other.copy):
        return
    name, one, two = next(unlike(ada.copy, other.copy))
    late = "who comes late to watch" if other.client.name == "Dora" else "who comes late"
    expected = f"{other.client.name}, {late}, has the same world as Ada, who was there early"
    saw = f"of {name} Ada has {short(one)}, and {other.client.name} {short(two)}"
    lacks = {*(one or {})} ^ {*(two or {})}
    if one and two and lacks and not any((one | two)[field] for field in lacks):
        because = f"what counts as false is left out of a new entity: {', '.join(sorted(lacks))}"
        raise Wrong(expected, saw, "falsy", because=because, hint="compare with !=, whatever the value is")
    raise Wrong(expected, saw, "unlike")
