"""Step 10: one's own player moves at once, is where all its inputs lead, and believes the server."""

from __future__ import annotations

from itertools import pairwise

from msgspec.structs import replace

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.referee import LANE, STILL, Referee, places, playing, settled
from workshop.checking.peers.scripted_room import ME, awaited
from workshop.checking.program import Program
from workshop.checks.step10_prediction.causes import (
    FEW,
    MODERATE,
    SLOW,
    SLOW_INPUTS,
    SLOW_SECONDS,
    elsewhere,
    flickers,
    in_the_pond,
    miscounted,
    no_end,
    not_moved,
    not_nudged,
    not_refused,
    overwritten,
    ran_ahead,
    thrown_back,
    too_far_across,
    too_few,
    too_many,
    waits,
)
from workshop.game.entities import Player
from workshop.game.units import STEP_UNITS

AT_THE_POND = (13280, 6288)  # four steps left of it
check = Check("step10_prediction", files=["prediction.py", "client.py"])


@check.part("each tick sends one input, and they are numbered 1, 2, 3, …")
async def numbered(lab: Lab) -> None:
    """A slow game: there are many frames to a tick. A key is held for some of them."""
    async with playing(lab, tick_rate=SLOW, snapshot_ticks=1) as (room, program):
        await awaited(program, lambda: room.inputs)
        program.hold("right")
        await awaited(program, lambda: len(room.inputs) >= SLOW_INPUTS // 2)
        program.hold()
        if not await awaited(program, lambda: len(room.inputs) >= SLOW_INPUTS):
            raise too_few(lab, len(room.inputs))
        numbers = [input.seq for input in room.inputs[:SLOW_INPUTS]]
        if numbers != list(range(1, SLOW_INPUTS + 1)):
            raise miscounted(lab.stage, numbers)
        if (took := room.heard[SLOW_INPUTS - 1] - room.heard[0]) < SLOW_SECONDS:
            raise too_many(lab.stage, took)


@check.part("your player moves before the server has answered")
async def at_once(lab: Lab) -> None:
    """The server falls silent, and a key is pressed."""
    async with playing(lab) as (room, program):
        room.silent = True
        program.hold("right")
        if not await awaited(program, lambda: places(program)[-1][0] > LANE[0]):
            raise waits(lab)


@check.part("it is where the server has it, and as much further as inputs are not confirmed", after=[at_once])
async def replayed(lab: Lab) -> None:
    """In the middle of a run the server stops applying inputs, and goes on sending snapshots."""
    async with playing(lab, tick_rate=MODERATE, snapshot_ticks=2) as (room, program):
        program.hold("right")
        await awaited(program, lambda: room.steps(0, room.confirmed) >= 2 * FEW)
        expected = await unconfirmed(room, program, ["right"])
        since = len(places(program))
        if await settled(program, expected):
            await many_snapshots(room, program)
        way = [x for x, _ in places(program)[since + STILL - 1 :]]
        if way[-STILL:] != [expected.x] * STILL:
            if not flickers(way) and await cured(room, program):
                raise overwritten(lab.stage)
            raise elsewhere(lab.stage, room, way)
        if (furthest := max(x for x, _ in places(program))) >= expected.x + STEP_UNITS:
            raise ran_ahead(lab.stage, furthest - expected.x)
        room.rule = "apply"
        if not await settled(program, room.ahead):
            raise no_end(lab, room, program)


@check.part("while a key is held it only goes forwards, 200 ms from the server")
async def forwards(lab: Lab) -> None:
    """The server applies everything, and all of that comes late."""
    async with playing(lab, "--latency", 200) as (room, program):
        program.hold("right")
        await awaited(program, lambda: room.steps(0, room.confirmed) >= 3 * FEW)
        way = [x for x, _ in places(program)]
        program.hold()
        if back := [before - after for before, after in pairwise(way) if before - after > 1]:
            raise thrown_back(lab, back)
        await awaited(program, lambda: room.calm)
        if not await settled(program, room.ahead):
            raise no_end(lab, room, program)


@check.part("where the server says otherwise, it goes there and stays", after=[replayed])
async def corrected(lab: Lab) -> None:
    """The server puts the player far away, then one step from there; then it refuses every step."""
    async with playing(lab) as (room, program):
        room.players[ME] = replace(room.me, x=LANE[0] + 40 * STEP_UNITS, y=LANE[1] - STEP_UNITS)
        if not await settled(program, room.me):
            raise not_moved(lab, program, room.me)
        room.players[ME] = replace(room.me, x=room.me.x - STEP_UNITS)
        if not await settled(program, room.me):
            raise not_nudged(lab)
        room.rule = "refuse"
        program.hold("left")
        await awaited(program, lambda: room.steps(0, room.confirmed) >= FEW)
        program.hold()
        await awaited(program, lambda: room.calm)
        if not await settled(program, room.me):
            raise overwritten(lab.stage) if await cured(room, program) else not_refused(lab, program, room.me)


@check.part("it obeys the rules of the server: no faster across, and no way through a pond", after=[replayed])
async def by_the_rules(lab: Lab) -> None:
    """Two runs that the server does not confirm, so that all of them is prediction."""
    async with playing(lab, place=AT_THE_POND) as (room, program):
        expected = await unconfirmed(room, program, ["left", "up"])
        if not await settled(program, expected):
            raise too_far_across(lab, places(program)[-1], expected)
        expected = await unconfirmed(room, program, ["right"], 3 * FEW)
        if not await settled(program, expected):
            raise in_the_pond(lab, places(program)[-1], expected)


async def unconfirmed(room: Referee, program: Program, keys: list[str], count: int = FEW) -> Player:
    """Hold keys until that many inputs are there that are not confirmed. Returns where they lead."""
    room.rule = "wait"
    first = len(room.inputs)
    program.hold(*keys)
    await awaited(program, lambda: room.steps(first) >= count)
    program.hold()
    await awaited(program, lambda: room.calm)
    return room.ahead


async def many_snapshots(room: Referee, program: Program) -> None:
    """One snapshot in each frame for a while, which all say the same."""
    for _ in range(2 * STILL):
        since = len(program.frames)
        room.publish()
        await awaited(program, lambda since=since: len(program.frames) > since)  # type: ignore[misc]


async def cured(room: Referee, program: Program) -> bool:
    """Whether one snapshot with everything in it puts right what those with changes alone do not."""
    room.silent = True
    room.publish(full=True)
    return await settled(program, room.ahead)
