"""Step 06: the server decides. An input is a wish for one tick; whatever it asks for, it gets one step, and
one gem has one owner."""

from __future__ import annotations

import asyncio
import time
from math import hypot

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.hands import Hand, Wish, far_from_all, hands, next_gem
from workshop.checking.peers.wish_room import SEED, WishRoom, windowed
from workshop.checking.program import Program
from workshop.checks.findings import wrong
from workshop.checks.step06_authority.causes import (
    MANY,
    believed,
    from_afar,
    hacked,
    lost_inputs,
    no_wishes,
    not_half,
    odd_pace,
    odd_rate,
    odd_wish,
    own_place,
    runs_on,
    strange_step,
    too_far,
    wrong_owner,
)
from workshop.game.navigation import Navigator
from workshop.game.units import STEP_UNITS, TICK_RATE

ROUNDING = 3  # world units by which a step may differ
BURST = 8 + 3  # inputs that may be ahead of the ticks, and what two ends may count differently
STILL = 20  # ticks in which nothing is sent
COUNTED = 12  # ticks of our own server in which inputs are counted
check = Check("step06_authority", files=["messages.py", "world.py", "server.py", "client.py"])


class Claim(Wish, frozen=True, kw_only=True, omit_defaults=False):
    """A wish of nothing, with claims beside it."""

    x: int = 0
    y: int = 0
    gem: int = 0


@check.part("an input moves its player by one step")
async def one_step(lab: Lab) -> None:
    """One input to each of three sides."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        for move in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)):
            moved = await ada.do(Wish(move=move))
            if not alike(moved, move):
                raise strange_step(lab, move, moved)


@check.part("without an input nobody moves, and 30 ticks a second go on", after=[one_step])
async def stillness(lab: Lab) -> None:
    """One step, and then nothing for a while."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish(move=(1.0, 0.0)))
        place, since, first = ada.place, time.monotonic(), ada.seen[-1].tick
        await ada.later(STILL)
        rate = (ada.seen[-1].tick - first) / (time.monotonic() - since)
        if ada.place != place:
            raise runs_on(lab, (ada.me.x - place[0]) / STEP_UNITS)
        if not TICK_RATE / 1.6 < rate < TICK_RATE * 1.6:
            raise odd_rate(lab, rate)


@check.part("every input counts, however many come at once", after=[stillness])
async def all_count(lab: Lab) -> None:
    """Six steps to the right in one go."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        moved = await ada.do(*[Wish(move=(1.0, 0.0))] * 6)
        if not alike(moved, (6.0, 0.0)):
            raise lost_inputs(lab, moved[0] / STEP_UNITS)


@check.part("nobody is faster than one step an input, whatever the input asks for", after=[stillness])
async def clamped(lab: Lab) -> None:
    """Moves that are nothing, too long, long on both axes, and short."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.do(Wish())
        for move in ((3.0, 0.0), (-100_000.0, 0.0), (1.0, 1.0)):
            moved = hypot(*await ada.do(Wish(move=move)))
            if moved > STEP_UNITS + ROUNDING:
                raise too_far(lab, move, moved / STEP_UNITS)
        if not alike(half := await ada.do(Wish(move=(-0.5, 0.0))), (-0.5, 0.0)):
            raise not_half(lab, hypot(*half) / STEP_UNITS)
        if trouble := lab.trouble("logged"):
            raise wrong(
                lab,
                "an input that wants nothing, move=(0, 0), is a normal one",
                f"your function raised {trouble.name}",
                "what is right for a direction is not possible with a length of 0",
                hint="look at this line with dx = 0 and dy = 0; max(1.0, length) is never 0",
            )


@check.part("more inputs than ticks make nobody faster", after=[all_count])
async def no_speed_hack(lab: Lab) -> None:
    """Many steps at once need nearly as many ticks."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        x, began = ada.me.x, ada.seen[-1].tick
        await ada.do(*[Wish(move=(1.0, 0.0))] * MANY)
        for seen in ada.seen:
            steps, ticks = (seen.x - x) / STEP_UNITS, seen.tick - began
            if steps > ticks * 1.05 + BURST:
                raise hacked(lab, steps, ticks)


@check.part("what a client says of its place and its gems is ignored", after=[stillness])
async def no_claims(lab: Lab) -> None:
    """An input that wants nothing, and claims another place and a gem."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        place, (id, gem) = ada.place, max(ada.gems.items())
        ada.send(Claim(x=gem.x, y=gem.y, gem=id))
        await ada.do(Wish())
        if ada.place != place:
            raise believed(lab, f"x={gem.x} and y={gem.y} beside move=(0, 0) put the player to {ada.place}")
        if ada.me.score or id not in ada.gems:
            raise believed(lab, f"gem={id} beside collect=false gave the player that gem")


@check.part("who presses out of reach gets nothing", after=[stillness])
async def out_of_reach(lab: Lab) -> None:
    """A press where no gem is near."""
    async with hands(lab, "Ada", seed=SEED) as (ada,):
        await ada.walk(far_from_all(ada.map, ada.gems), Navigator(ada.map))
        before = set(ada.gems)
        await ada.do(Wish(collect=True))
        if ada.me.score or set(ada.gems) != before:
            raise from_afar(lab)


@check.part("two grab one gem in the same tick, and one of them gets it", after=[out_of_reach])
async def one_owner(lab: Lab) -> None:
    """Ada and Ben walk to a gem and press; again, while the presses do not meet in one tick."""
    async with hands(lab, "Ada", "Ben", seed=SEED) as (ada, ben):
        ways = Navigator(ada.map)
        for _ in range(4):
            id = next_gem(ada.gems, ada.place)
            goal = (ada.gems[id].x, ada.gems[id].y)
            await asyncio.gather(ada.walk(goal, ways), ben.walk(goal, ways))
            before = (ada.me.score, ben.me.score)
            met = await press_together(ada, ben)
            gains = (ada.me.score - before[0], ben.me.score - before[1])
            if id in ada.gems or all(gains) or not any(gains):
                raise wrong_owner(lab, gains, still_there=id in ada.gems)
            if met:
                return


async def press_together(ada: Hand, ben: Hand) -> bool:
    """Both press directly after a tick. True when both presses counted in the same one."""
    await ada.later(1)
    pressed = (ada.send(Wish(collect=True)), ben.send(Wish(collect=True)))
    first, second = await asyncio.gather(ada.applied(pressed[0]), ben.applied(pressed[1]))
    await asyncio.gather(ada.later(2), ben.later(2))
    return first.tick == second.tick


@check.part("the client says once a tick what its player wants, and never where it is", after=[])
async def says_wishes(lab: Lab) -> None:
    """Right, then right and down, then Space is held. Our server counts in its own ticks, which are slow."""
    async with windowed(lab) as (room, program):
        heard = await program.until(lambda: room.find(lambda it: it.move != [0, 0]))
        if heard is None or heard.move is None:
            raise no_wishes(lab, heard)
        if heard.move != [1, 0]:
            raise odd_wish(lab, "right", "move=(1, 0)", heard)
        await at_pace(lab, room, program)
        program.hold("right", "down")
        heard = await program.until(lambda: room.find(lambda it: min(it.move or [0]) > 0))
        if heard is None or hypot(*heard.move) > 1.02:
            raise odd_wish(lab, "right and down", "a move to both, of length 1", heard or room.heard[-1])
        program.hold("space")
        if not await program.until(lambda: room.find(lambda it: it.collect is True)):
            raise odd_wish(lab, "Space", "collect=True", room.heard[-1])


async def at_pace(lab: Lab, room: WishRoom, program: Program) -> None:
    """Count what comes in some ticks."""
    began, heard, frames = room.server.tick, len(room.heard), len(program.frames)
    await program.until(lambda: room.server.tick >= began + COUNTED)
    ticks, inputs, shown = room.server.tick - began, len(room.heard) - heard, len(program.frames) - frames
    if not 0.4 * ticks < inputs < 1.6 * ticks:
        raise odd_pace(lab, ticks, inputs, shown)


@check.part("the client draws its player where the server says", after=[])
async def shows_truth(lab: Lab) -> None:
    """Our server puts the player somewhere else, while a key asks for the opposite."""
    async with windowed(lab) as (room, program):
        await program.until(lambda: program.frames and program.frames[-1].me)
        for place in room.map.spawns[20:22]:
            room.put(place)
            if not await program.until(lambda at=place: program.frames[-1].me == at):  # type: ignore[misc]
                raise own_place(lab, place, program.frames[-1].me)


def alike(moved: tuple[int, int], steps: tuple[float, float]) -> bool:
    """Whether a player has moved so many steps to the right and down."""
    return all(abs(a - b * STEP_UNITS) <= ROUNDING for a, b in zip(moved, steps, strict=True))
