"""Step 10: your own player moves at once, is where all its inputs lead, and believes the server."""

from itertools import pairwise

from msgspec.structs import replace

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.referee import (
    LANE,
    STILL,
    Referee,
    at_rest,
    pixels,
    places,
    playing,
    run,
    settled,
)
from workshop.checking.peers.scripted_room import ME
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step10_prediction.causes import CAUSES
from workshop.game.rules.entities import Player
from workshop.game.rules.units import STEP_UNITS

SLOW, MODERATE = 5.0, 15.0  # ticks per second: far fewer than frames
SLOW_INPUTS, SLOW_SECONDS = 6, 0.6  # these take five ticks of 0.2 s; no program catches up more than 0.25 s
FEW, SOON = 5, 1.0  # inputs; seconds until what they do is shown
BEN = 2  # another player
AT_THE_POND = (13280, 6288)  # four steps left of it
check = Check("step10_prediction", files=["prediction.py", "client.py"], causes=CAUSES)


@check.part("the client sends one input for each tick, and numbers them 1, 2, 3, …", todo="10.1 10.2")
async def numbered(lab: Lab) -> None:
    """A slow game: there are many frames to a tick. A key is held for some of them."""
    async with playing(lab, tick_rate=SLOW, snapshot_ticks=1) as (room, program):
        program.hold("right")
        await program.reaches(lambda: len(room.inputs) >= SLOW_INPUTS // 2)
        program.hold()
        if not await program.reaches(lambda: len(room.inputs) >= SLOW_INPUTS):
            saw = f"{len(room.inputs)} inputs came, and no more within {PATIENCE:.0f} seconds"
            raise Wrong("one input in each tick, also when no key is held", saw, "too_few")
        numbers = [input.seq for input in room.inputs[:SLOW_INPUTS]]
        if numbers != list(range(1, SLOW_INPUTS + 1)):
            saw = f"they are numbered {', '.join(map(str, numbers))}"
            raise Wrong("the inputs are numbered 1, 2, 3, …", saw, miscounted(numbers))
        if (took := room.heard[SLOW_INPUTS - 1] - room.heard[0]) < SLOW_SECONDS:
            ticks = SLOW_INPUTS - 1
            expected = f"{SLOW_INPUTS} inputs take at least {ticks} ticks, here {ticks / SLOW:.1f} s"
            raise Wrong(expected, f"they came within {took:.2f} s", "too_many")


def miscounted(numbers: list[int]) -> str:
    """The symptom of numbers that are not 1, 2, 3, …"""
    steps = {after - before for before, after in pairwise(numbers)}
    if steps in ({0}, {1}):
        return "unnumbered" if steps == {0} else "odd_start"
    return "numbered_twice" if 0 in steps else "left_out"


@check.part("your player moves before the server has answered", todo="10.1")
async def at_once(lab: Lab) -> None:
    """The server tells of another player, and falls silent; once that is shown, a key is pressed."""
    async with playing(lab) as (room, program):
        room.players[BEN] = Player("Ben", 1, *room.map.spawns[0])
        room.publish()
        room.silent = True
        if not await program.reaches(lambda: BEN in (program.frames[-1].scene or {})):
            expected = "the window shows another player as soon as a snapshot has told of that one"
            raise Wrong(expected, f"it does not, {PATIENCE:.0f} seconds later", "not_shown")
        await run(room, program, ["right"], FEW, confirmed=False)
        if not await program.reaches(lambda: places(program)[-1][0] > LANE[0], SOON):
            expected = "the player moves as soon as the key is down, while the server says nothing"
            raise Wrong(expected, f"{room.steps()} inputs have been sent, and it has not moved", "waits")


@check.part(
    "your player is where the server has it, and as much further as inputs are not confirmed",
    todo="10.1 10.2 10.3 10.4",
)
async def replayed(lab: Lab) -> None:
    """In the middle of a run the server stops applying inputs, goes on sending snapshots, and applies two."""
    async with playing(lab, tick_rate=MODERATE, snapshot_ticks=2) as (room, program):
        await run(room, program, ["right"], FEW + 2)
        expected = await unconfirmed(room, program, ["right"])
        await stays(room, program, expected)
        if (by := max(x for x, _ in places(program)) - expected.x) >= STEP_UNITS:
            saw = f"it was shown {pixels(by)} too far, and drifted back later"
            raise Wrong("no frame shows the player further than all its inputs lead", saw, "some_again")
        room.confirm(2)
        await stays(room, program, expected)
        room.rule = "apply"
        await agreed(room, program)


async def stays(room: Referee, program: Program, goal: Player) -> None:
    """Raises: Wrong: after many snapshots the player is elsewhere."""
    since = len(places(program))
    if await settled(room, program, goal):
        await many_snapshots(room, program)
    way = [x for x, _ in places(program)[since + STILL - 1 :]]
    if way[-STILL:] != [goal.x] * STILL:
        if not flickers(way):
            await overwritten(room, program)
        raise elsewhere(room, way)


def elsewhere(room: Referee, way: list[int]) -> Wrong:
    """The player is not where the server's word and the unconfirmed inputs put it."""
    off, pending = way[-1] - room.ahead.x, room.steps(room.confirmed)
    side = "too far" if off > 0 else "behind"
    saw = f"it is shown {pixels(off)} {side}; a step has {pixels(STEP_UNITS)}"
    if flickers(way):
        saw = f"it is shown now here, now there, {pixels(max(way) - min(way))} apart"
    expected = f"the player is {pending} steps from the server's place: so many inputs are not confirmed"
    return Wrong(expected, saw, _symptom(room, way))


def _symptom(room: Referee, way: list[int]) -> str:
    steps = (way[-1] - room.ahead.x) / STEP_UNITS
    if flickers(way):
        return "flickers"
    if max(way) - min(way) > STEP_UNITS:
        return "runs_away"
    if way[-1] == room.me.x:
        return "put_back"
    if steps % 1:
        return "other_step"
    if abs(steps) == 1:
        return "one_more" if steps > 0 else "one_less"
    if steps == room.steps(0, room.confirmed):
        return "all_again"
    return "some_again" if steps > 0 else "some_missing"


def flickers(way: list[int]) -> bool:
    """True when the player is shown now here, now there."""
    return way != sorted(way) and way != sorted(way, reverse=True)


@check.part(
    "while a key is held your player only goes forwards, 200 ms from the server", todo="10.1 10.2 10.3 10.4"
)
async def forwards(lab: Lab) -> None:
    """The server applies everything, and all of that comes late."""
    async with playing(lab, "--latency", 200) as (room, program):
        await run(room, program, ["right"], 3 * FEW)
        way = [x for x, _ in places(program)]
        program.hold()
        if back := [before - after for before, after in pairwise(way) if before - after > 1]:
            expected = "while the key is held, no frame shows the player further back than the frame before"
            saw = f"it went back {len(back)} times, by up to {pixels(max(back))}"
            raise Wrong(expected, saw, "thrown_back")
        await at_rest(room, program)
        await agreed(room, program)


@check.part("where the server says otherwise, your player goes there and stays", todo="10.1 10.2 10.3 10.4")
async def corrected(lab: Lab) -> None:
    """The server puts the player far away, then one step from there; then it refuses every step."""
    async with playing(lab) as (room, program):
        room.players[ME] = replace(room.me, x=LANE[0] + 40 * STEP_UNITS, y=LANE[1] - STEP_UNITS)
        if not await settled(room, program, room.me):
            expected = "the server puts the player somewhere else, and there it is shown"
            raise Wrong(expected, away(program, room.me), "never_corrected")
        room.players[ME] = replace(room.me, x=room.me.x - STEP_UNITS)
        if not await settled(room, program, room.me):
            expected = "the server puts the player one step to the left, and there it is shown"
            saw = f"{away(program, room.me)}, although a longer way was taken over"
            raise Wrong(expected, saw, "not_nudged")
        room.rule = "refuse"
        await run(room, program, ["left"], FEW)
        program.hold()
        await at_rest(room, program)
        if not await settled(room, program, room.me):
            seen = away(program, room.me)
            await overwritten(room, program)
            expected = f"the server refuses to move: after {FEW} steps in vain the player is back there"
            raise Wrong(expected, seen, "not_refused")


@check.part(
    "your player obeys the rules of the server: no faster across, and no way through a pond",
    todo="10.1 10.2 10.3 10.4",
)
async def by_the_rules(lab: Lab) -> None:
    """Two runs that the server does not confirm, so that all of them is prediction."""
    async with playing(lab, place=AT_THE_POND) as (room, program):
        expected = await unconfirmed(room, program, ["left", "up"])
        if not await settled(room, program, expected):
            place = f"after diagonal steps the player is at ({expected.x}, {expected.y}), as for the server"
            raise Wrong(place, f"it is shown at {places(program)[-1]}", "across")
        expected = await unconfirmed(room, program, ["right"], 3 * FEW)
        if not await settled(room, program, expected):
            place = f"the player stops at the pond, at x = {expected.x}"
            raise Wrong(place, f"it is shown at x = {places(program)[-1][0]}", "pond")


async def unconfirmed(room: Referee, program: Program, keys: list[str], count: int = FEW) -> Player:
    """Hold keys until that many inputs are there that are not confirmed. Returns where they lead."""
    room.rule = "wait"
    await run(room, program, keys, count, confirmed=False)
    program.hold()
    await at_rest(room, program)
    return room.ahead


async def many_snapshots(room: Referee, program: Program) -> None:
    """One snapshot in each frame for a while, which all say the same."""
    for _ in range(2 * STILL):
        since = len(program.frames)
        room.publish()
        await program.reaches(lambda since=since: len(program.frames) > since)  # type: ignore[misc]


async def agreed(room: Referee, program: Program) -> None:
    """Raises: Wrong: all is confirmed, and the player stays elsewhere."""
    if not await settled(room, program, room.ahead):
        expected = "when every input is confirmed, the player is exactly where the server has it"
        raise Wrong(expected, away(program, room.ahead), "no_end")


async def overwritten(room: Referee, program: Program) -> None:
    """Raises: Wrong: one snapshot with everything in it puts right what those with changes alone do not."""
    room.silent = True
    room.publish(full=True)
    if await settled(room, program, room.ahead):
        expected = "a snapshot puts the player to where the server has it, and the replay leads on from there"
        raise Wrong(expected, "that happens only when the server sends its whole state again", "overwritten")


def away(program: Program, goal: Player) -> str:
    """How far from a place the player is shown."""
    x, y = places(program)[-1]
    return f"it does not get there: it is shown {pixels(abs(x - goal.x) + abs(y - goal.y))} away"
