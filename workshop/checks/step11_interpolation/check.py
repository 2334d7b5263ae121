"""Step 11: the others move evenly, a little in the past, whatever the network does to the snapshots."""

from math import hypot, inf

from msgspec.structs import replace

from netlib.transport.conditioner import LinkConditions
from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.track import (
    BEN,
    CY,
    SETTLING,
    START,
    STEPS,
    STILL,
    TICK_RATE,
    UNEVEN,
    WARM_UP,
    Track,
    places,
    run,
    watching,
)
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step11_interpolation.causes import CAUSES
from workshop.checks.step11_interpolation.way import Way, drawn
from workshop.game.rules.entities import Player
from workshop.game.rules.units import UNIT

SPEED = TICK_RATE * hypot(*STEPS[0])  # units a second
BAD = LinkConditions(latency=0.1, jitter=0.03, loss=0.02)
LATE = 0.07  # seconds by which every third snapshot is late
ENOUGH = 40  # frames for a verdict
MOST_LAG = 0.6  # seconds that the others may be drawn in the past; slow machines add to it
MOST_GUESS = 0.2  # seconds past the newest snapshot that may be guessed
MOST_LEAP = 0.35  # seconds that one frame may make up for, after a loss
BACK = 0.005  # seconds that the moment may seem to go back: places are whole numbers
SILENCE = 0.8  # seconds
LONG = 5.0  # seconds, after which a moment that runs a tenth too slowly is half a second behind
AGAIN, AGAIN_SECONDS = 0.7, 8.0  # seconds that may be left of a silence, and when
HOARD, OLD = 2.4, 2.6  # seconds of a run, and the age of a place that nobody needs
FAR = 3000  # units: further than anybody runs in a snapshot, and nearer than in a second
HOARDS = "workshop.checks.step11_interpolation.hoard"
check = Check("step11_interpolation", files=["interpolation.py", "client.py"], causes=CAUSES)


@check.part("your own player still moves at once")
async def at_once(lab: Lab) -> None:
    """The server falls silent, and a key is pressed; this rests on no TODO."""
    async with watching(lab) as (room, program):
        room.silent = True
        program.hold("right")
        if not await program.reaches(lambda: program.frames[-1].me and program.frames[-1].me[0] > room.me.x):
            expected = "your own player moves as soon as the key is down, while the server says nothing"
            raise Wrong(expected, f"{PATIENCE:.0f} seconds later it had not moved", "not_at_once")


@check.part(
    "the others are drawn between the snapshots, each at its own time", todo="11.1 11.2 11.3 11.4", timed=True
)
async def between(lab: Lab) -> None:
    """Snapshots come one and four ticks after the one before."""
    async with watching(lab, gaps=UNEVEN) as (room, program):
        way = Way(room.sent, await run(room, program, ENOUGH, 0.8))
        judge_places(way)
        expected = "a moment passes by in the time that it took, whatever the times between two snapshots"
        slow, fast = way.pace
        if slow + fast > 0.25:
            saw = f"it is far too slow in {slow:.0%} of the time, and far too fast in {fast:.0%}"
            raise Wrong(expected, saw, "uneven")
        if (long := way.long(2 / TICK_RATE)) < 0.65:
            saw = f"of two ways, of which one takes four times as long, that one got {long:.0%} of the frames"
            raise Wrong(expected, saw, "uneven")


def judge_places(way: Way) -> None:
    """Look where a runner is shown, and when."""
    if way.off > 0.3:
        expected = "a player who runs is shown on the straight way from one snapshot's place to the next"
        raise Wrong(expected, f"in {way.off:.0%} of the frames it is shown beside that way", "off_the_way")
    judge_lag(way.lag)
    if way.exact > 0.5:
        expected = "a player who runs is shown at places between those of two snapshots"
        saw = f"in {way.exact:.0%} of the frames it is exactly where a snapshot had it, {way.lag:.1f} s ago"
        raise Wrong(expected, saw, "on_snapshots")
    judge_back(way)


def judge_lag(lag: float) -> None:
    """Look how far in the past somebody is shown."""
    if lag > MOST_LAG:
        expected = f"the others are drawn at most {MOST_LAG} seconds in the past"
        raise Wrong(expected, f"what is drawn happened {lag:.1f} seconds ago", "too_late")


def judge_back(way: Way) -> None:
    """Look whether anybody goes back."""
    if way.back > BACK:
        expected = "a player who runs never goes back, since time does not"
        raise Wrong(expected, f"it went back by {way.back * 1000:.0f} ms of its way in one frame", "back")


@check.part("a snapshot that comes late changes nothing in what is seen", todo="11.2 11.3", timed=True)
async def unpunctual(lab: Lab) -> None:
    """Every third snapshot comes a little late."""
    async with watching(lab, late=LATE) as (room, program):
        way = Way(room.sent, await run(room, program, ENOUGH, 2.8))
        judge_back(way)
        _, fast = way.pace
        if fast > 0.08:
            expected = "a snapshot belongs to the time at which it was true, and when it came does not matter"
            saw = f"each third came {LATE * 1000:.0f} ms late, and {fast:.0%} of the time went by too fast"
            raise Wrong(expected, saw, "by_arrival")
        waits = way.at_the_end(room.came, 0.1 + LATE + 0.02)
        if waits > 0.03:
            late = f"{LATE * 1000:.0f} ms by which some come late"
            saw = f"in {waits:.0%} of the frames a player who runs is at the newest place there is, and waits"
            raise Wrong(f"the delay covers the 100 ms between two snapshots, and {late}", saw, "too_short")


@check.part("when nothing comes nobody runs away, and later it goes on", todo="11.2", early=True)
async def silence(lab: Lab) -> None:
    """In the middle of a run the server says nothing for a while."""
    async with watching(lab) as (room, program):
        await run(room, program, STILL, 0.1)
        room.silent, since, known = True, room.time, list(room.sent)
        await program.reaches(lambda: room.time > since + SILENCE)
        ahead = max(drawn(known, it).off for it in places(room, program) if it.time > since) / SPEED
        if ahead > MOST_GUESS:
            expected = "while no snapshot comes, a player waits where the newest one has it"
            raise Wrong(expected, f"in {SILENCE} s it ran on past that place, for {ahead:.1f} s", "runs_away")
        room.silent, since = False, room.time
        if not await program.reaches(lambda: lag(room, program, since) < AGAIN, AGAIN_SECONDS):
            expected = "when snapshots come again, the others are soon drawn as near to now as before"
            saw = f"what is drawn happened {lag(room, program, since):.1f} s ago, and that does not get less"
            raise Wrong(expected, saw, "stays_behind")


def lag(room: Track, program: Program, since: float) -> float:
    """How long ago happened what the newest frames show, all after a moment; endless when they are few."""
    begin = max(since + WARM_UP, room.time - WARM_UP)
    seen = [it for it in places(room, program) if it.time > begin]
    return Way(room.sent, seen).lag if len(seen) >= STILL else inf


@check.part("over a worse network nobody goes back, and nobody jumps", todo="11.2", early=True)
async def worse(lab: Lab) -> None:
    """100 ms, give or take 30, and 2 % of the snapshots are lost once; for so long that a lag can grow."""
    async with watching(lab, link=BAD) as (room, program):
        way = Way(room.sent, await run(room, program, ENOUGH, LONG))
        judge_back(way)
        if way.leap > MOST_LEAP:
            expected = "when a snapshot is late, a player who runs waits for it, and goes on from there"
            raise Wrong(expected, f"in one frame it went {way.leap:.1f} seconds too far", "leaps")
        judge_lag(way.lag)
        await program.reaches(lambda: lag(room, program, 0.0) <= MOST_LAG, SETTLING)
        if (late := lag(room, program, 0.0)) < inf:
            judge_lag(late)


@check.part(
    "a player who comes is shown, one who goes is gone, and one who is put elsewhere does not slide",
    todo="11.3 11.4",
    early=True,
)
async def comings(lab: Lab) -> None:
    """Cy comes and goes; Ben runs, and is put elsewhere, to the right and down; then he stops."""
    async with watching(lab) as (room, program):
        room.players[CY] = Player("Cy", 2, START[0], START[1] + FAR)
        if not await program.reaches(lambda: CY in (program.frames[-1].scene or {}), SETTLING):
            saw = f"it was not to be seen {SETTLING:.0f} seconds later"
            raise Wrong("a player who joins is shown", saw, "not_shown")
        del room.players[CY]
        if not await program.reaches(lambda: CY not in (program.frames[-1].scene or [CY]), SETTLING):
            saw = f"it was still there {SETTLING:.0f} seconds later"
            raise Wrong("a player who has left is not shown any more", saw, "ghost")
        await run(room, program, STILL, 0.1)
        for leap in ((FAR, 0), (0, FAR)):
            await leaps(room, program, *leap)
        room.stop()
        goal = room.players[BEN]
        if not await program.reaches(lambda: stands_at(room, program, goal), SETTLING):
            away = max(abs(places(room, program)[-1].x - goal.x), abs(places(room, program)[-1].y - goal.y))
            saw = f"{SETTLING:.0f} seconds later it is shown {away / UNIT:.1f} pixels away"
            raise Wrong("a player who has stopped is shown exactly where it stands", saw, "never_there")


def stands_at(room: Track, program: Program, goal: Player) -> bool:
    """Whether Ben has been shown there for some frames."""
    return [it[1:] for it in places(room, program)[-STILL:]] == [(goal.x, goal.y)] * STILL


async def leaps(room: Track, program: Program, right: int, down: int) -> None:
    """Put Ben elsewhere while he runs, and look whether a frame shows him on the way, or there too early."""
    ben, first, number, begin = room.players[BEN], len(places(room, program)), len(room.sent), room.time
    room.players[BEN] = replace(ben, x=ben.x + right, y=ben.y + down)
    await program.reaches(lambda: places(room, program)[-1].time > begin + 2 * WARM_UP)
    seen, (old, new) = places(room, program)[first:], room.sent[number - 1 : number + 1]
    if between := sum(drawn(room.sent, it).off > FAR / 4 for it in seen):
        expected = "a player who is put far away is shown at its old place or at the new one"
        raise Wrong(expected, f"it was shown somewhere else in {between} frames", "slides")
    early, late = sum(it[1:] == new[1:] for it in seen), sum(it[1:] == old[1:] for it in seen)
    if late < 2 < early:
        expected = "a player who is put far away stays where it was until the moment of the newer snapshot"
        raise Wrong(expected, f"it waited at the newer place, for {early} frames", "too_early")


@check.part("snapshots that nobody needs any more are dropped", todo="11.1", early=True)
async def hoards(lab: Lab) -> None:
    """Ben runs for some seconds, and we ask how old the oldest place is that is still kept."""
    async with watching(lab, driver=HOARDS) as (room, program):
        await run(room, program, ENOUGH, HOARD)
        await program.type("")
        told = await program.reaches(lambda: [int(it[6:]) for it in program.lines if it.startswith("kept: ")])
        oldest = max((it.time for it in room.sent if told and it.x == told[0]), default=inf)
        if (age := room.sent[-1].time - oldest) > OLD:
            expected = "the snapshots of the last second are kept, and no older ones"
            raise Wrong(expected, f"it still keeps where a player was {age:.1f} s ago", "hoards")
