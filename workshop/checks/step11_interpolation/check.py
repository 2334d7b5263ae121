"""Step 11: the others move evenly, a little in the past, whatever the network does to the snapshots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean, median

from msgspec.structs import replace

from netlib.conditioner import LinkConditions
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.scripted_room import awaited
from workshop.checking.peers.track import (
    BEN,
    CY,
    SETTLING,
    SPEED,
    START,
    STILL,
    UNEVEN,
    WARM_UP,
    Shown,
    Track,
    arrives,
    ben,
    run,
    watching,
)
from workshop.checking.program import Program
from workshop.checks.step11_interpolation.causes import (
    MOST_LAG,
    SILENCE,
    counted,
    ghost,
    goes_back,
    hardly_moves,
    jumped,
    never_there,
    newest_only,
    not_at_once,
    not_shown,
    runs_away,
    slides,
    stays_behind,
    too_few_kept,
    too_late,
)
from workshop.game.entities import Player
from workshop.game.units import STEP_UNITS

BAD = LinkConditions(latency=0.1, jitter=0.03, loss=0.02)
ENOUGH = 40  # frames for a verdict
MOST_GUESS = 0.2  # seconds past the newest snapshot that may be guessed
MOST_JUMP = 0.35  # seconds of a way that one frame may make up for, after a loss
BINS = 8  # parts of the way between two snapshots
FAR = 60 * STEP_UNITS  # units; nobody runs that far in one snapshot
check = Check("step11_interpolation", files=["interpolation.py", "client.py"])


@check.part("your own player still moves at once")
async def at_once(lab: Lab) -> None:
    """The server falls silent, and a key is pressed."""
    async with watching(lab) as (room, program):
        room.silent = True
        program.hold("right")
        if not await awaited(program, lambda: program.frames[-1].me and program.frames[-1].me[0] > room.me.x):
            raise not_at_once(lab)


@check.part("the others are drawn between the snapshots, each at its own time", after=[])
async def between(lab: Lab) -> None:
    """Snapshots come one and four ticks after the one before."""
    async with watching(lab, gaps=UNEVEN) as (room, program):
        way = await run(room, program, ENOUGH, 0.8)
        known = [sent.x for sent in room.sent]
        exact = [shown for shown in way if shown.x in known]
        if (lag := median(room.lag(shown) for shown in way)) > MOST_LAG:
            raise too_late(lab, lag)
        if len(exact) > len(way) / 2:
            behind = mean(age(room, shown) for shown in exact)
            raise too_few_kept(lab) if behind > 0.75 else newest_only(lab, len(exact) / len(way))
        parts = [part for shown in way if (part := place_between(known, shown.x))] or [(0, 0.0)]
        (_, most), *_ = Counter(int(share * BINS) for _, share in parts).most_common(1)
        if most > len(parts) / 2:
            raise hardly_moves(lab)
        long = sum(length > 2 * STEP_UNITS for length, _ in parts) / len(parts)
        if long < 0.65:
            raise counted(lab, long)


@check.part("over a worse network nobody goes back, and nobody jumps", after=[between])
async def worse(lab: Lab) -> None:
    """100 ms, give or take 30, and 2 % of the snapshots are lost once."""
    async with watching(lab, link=BAD) as (room, program):
        way = await run(room, program, ENOUGH, 1.4)
        if back := [a.x - b.x for a, b in pairwise(way) if a.x - b.x > 1]:
            raise goes_back(lab, back)
        jumps = [b.x - a.x - SPEED * (b.time - a.time) for a, b in pairwise(way)]
        if max(jumps) > MOST_JUMP * SPEED:
            raise jumped(lab, max(jumps))
        if (lag := median(room.lag(shown) for shown in way)) > MOST_LAG:
            raise too_late(lab, lag)


@check.part("who comes is shown, who goes is gone, and who is put elsewhere does not slide", after=[between])
async def comings(lab: Lab) -> None:
    """Cy comes and goes; Ben stops, and is put far away and back."""
    async with watching(lab) as (room, program):
        room.players[CY] = Player("Cy", 2, START[0], START[1] + FAR)
        if not await awaited(program, lambda: CY in (program.frames[-1].scene or {}), SETTLING):
            raise not_shown(lab)
        del room.players[CY]
        if not await awaited(program, lambda: CY not in (program.frames[-1].scene or [CY]), SETTLING):
            raise ghost(lab)
        room.run()
        await awaited(program, lambda: ben(room, program)[-1].x > START[0] + 2 * STEP_UNITS)
        room.stop()
        if not await arrives(room, program):
            raise never_there(lab, room, program)
        await teleports(lab, room, program)


async def teleports(lab: Lab, room: Track, program: Program) -> None:
    """Put Ben elsewhere twice, and look whether a frame shows him on the way."""
    for way in (FAR, -FAR):
        before, since = room.players[BEN].x, len(ben(room, program))
        room.players[BEN] = replace(room.players[BEN], x=before + way)
        there = await arrives(room, program)
        seen = {shown.x for shown in ben(room, program)[since:]}
        if on_the_way := seen - {before, before + way}:
            raise slides(lab, len(on_the_way))
        if not there:
            raise never_there(lab, room, program)


@check.part("when nothing comes nobody runs away, and later it goes on", after=[between])
async def silence(lab: Lab) -> None:
    """In the middle of a run the server says nothing for a while."""
    async with watching(lab) as (room, program):
        await run(room, program, STILL, 0.1)
        room.silent, newest, since = True, room.sent[-1], room.time
        await awaited(program, lambda: room.time > since + SILENCE)
        furthest = max(shown.x for shown in ben(room, program))
        if furthest > newest.x + MOST_GUESS * SPEED:
            raise runs_away(lab, furthest - newest.x)
        room.silent, since = False, room.time
        if not await awaited(program, lambda: near_again(room, program, since), SETTLING):
            raise stays_behind(lab, room.lag(ben(room, program)[-1]))


def near_again(room: Track, program: Program, since: float) -> bool:
    """Whether Ben has been shown nearly where he is for a while, all of it after a moment."""
    begin = max(since, room.time - WARM_UP)
    lags = [room.lag(shown) for shown in ben(room, program) if shown.time > begin]
    return room.time > since + WARM_UP and len(lags) >= STILL and max(lags) < MOST_LAG


def place_between(known: Sequence[int], x: int) -> tuple[int, float] | None:
    """The way between two snapshots that has this place in it: its length, and the part of it until there."""
    for older, newer in pairwise(known):
        if older < x < newer:
            return newer - older, (x - older) / (newer - older)
    return None


def age(room: Track, shown: Shown) -> int:
    """How many newer snapshots had been sent when a place was shown that stands in one."""
    return sum(sent.x > shown.x and sent.time < shown.time for sent in room.sent)
