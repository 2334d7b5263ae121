"""Step 09: the link adds what it is told, keeps order and throughput; the round trip is measured."""

import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.echo_room import (
    EchoRoom,
    best_rate,
    estimates,
    in_game,
    press,
    rtt_between,
    shown_rtt,
)
from workshop.checking.program import Program
from workshop.checking.verdict import Wrong
from workshop.checks.step09_latency.causes import CAUSES

LATENCY = 0.4  # seconds of the slow link
NO_DELAY = 0.15  # seconds that a key may take to the server, and a snapshot to the screen, without any link
HALF = (0.19, 0.34)  # seconds that one way may take at that latency
CHANGED = (0.365, 0.56)  # the same after two presses of F4: the latency is 750 ms then
NONE = 0.1  # seconds; what takes less was not delayed at all
GAME_SECONDS = 10.0  # until the game must be shown
COUNTED, FEWEST = 1.0, 40  # seconds for which messages are counted; how many of the hundred must come
FEWEST_FRAMES = 10  # a second, at its best; any machine draws more
OLD = 0.8  # seconds; an older picture has waited in a queue
SHOWN = (0.39, 0.7)  # seconds of a shown round trip of 400 ms
QUICK, NEARER = 0.05, 0.22  # seconds of a quick answer; of a round trip half the way from 400 ms to it
JITTER, ORDERED = 0.08, 120  # seconds; inputs whose order is looked at
STRONG, RARE = 0.1, 5.0  # seconds of jitter; ticks a second, so that few messages wait for each other
EARLY, LATE = 0.18, 0.22  # seconds that one way of 200 ms takes with that jitter, now and then
SAME, MANY = 20, 60  # measurements until an estimate is calm, and until it has come to another value
THROWN = 0.6  # seconds; one late answer moves an estimate of 400 ms less far
FILES = ["link.py", "slow_client.py", "round_trip.py", "client.py", "messages.py"]
check = Check("step09_latency", files=FILES, causes=CAUSES)


@check.part("without latency the link adds nothing", todo="09.1 09.2", timed=True)
async def off(lab: Lab) -> None:
    """No flag. A key is pressed; the other player runs."""
    async with playing(lab) as (room, program):
        out = await room.reaction(program, lambda best: best < NO_DELAY)
        back = await room.freshness(program, 0.0, NO_DELAY)
        if max(out, back) > NO_DELAY:
            expected = "without --latency a key is at the server, and a snapshot on the screen, at once"
            saw = f"{ms(out)} from a key to the server, {ms(back)} from a snapshot to the screen"
            raise Wrong(expected, saw, "delayed")


@check.part(
    "a hundred messages a second come through a slow link, in their order", todo="09.1 09.2", timed=True
)
async def throughput(lab: Lab) -> None:
    """400 ms of latency, and jitter: inputs are counted, and how old the picture is."""
    expected = "a hundred messages a second come through, each about 200 ms later"
    async with playing(lab, "--latency", LATENCY * 1000, "--jitter", JITTER * 1000) as (room, program):
        if not await program.until(lambda: room.counted(COUNTED) >= FEWEST):
            raise Wrong(expected, f"{room.counted(COUNTED)} inputs came in a second", "queue")
        if not await program.until(lambda: len(room.inputs) >= ORDERED):
            raise Wrong(expected, f"only {len(room.inputs)} inputs came in some seconds", "queue")
        if (rate := best_rate(program.frames)) < FEWEST_FRAMES:
            going_on = "the window goes on while messages wait in the link"
            raise Wrong(going_on, f"{rate:.0f} frames a second", "few_frames")
        if (age := await room.freshness(program, room.time - COUNTED / 2, OLD)) > OLD:
            raise Wrong(expected, f"a picture that was shown was {ms(age)} old", "queue")
        expected = "messages arrive in the order in which they were sent, however much the link varies"
        if swapped := sum(after.seq < before.seq for before, after in pairwise(room.inputs)):
            saw = f"{swapped} of {len(room.inputs)} inputs came before an earlier one"
            raise Wrong(expected, saw, "overtaken")
        if room.renewals > 1:
            saw = f"{room.renewals} snapshots did not fit to the one before them"
            raise Wrong(expected, saw, "overtaken")


@check.part(
    "half of the latency is added in each direction, and a change of it counts at once",
    todo="09.1 09.2 09.3 09.4",
    timed=True,
)
async def halves(lab: Lab) -> None:
    """How long a key takes to the server, and a snapshot to the screen; again when F4 was pressed twice."""
    async with playing(lab, "--latency", LATENCY * 1000) as (room, program):
        expected = "with --latency 400 it takes about 200 ms from a key to its input at the server"
        out = await room.reaction(program, lambda best: HALF[0] < best < HALF[1])
        within(HALF, out, expected, "out_none" if out < NONE else "out_less", "out_more")
        expected = "with --latency 400 it takes about 200 ms from a snapshot to the picture of it"
        back = await room.freshness(program, room.time - COUNTED / 2, HALF[1])
        within(HALF, back, expected, "back_none" if back < NONE else "back_less", "back_more")
        for _ in range(2):
            await press(program, "f4")
        pressed = room.time
        expected = "after F4, F4 the latency is 750 ms: 375 ms for what is sent"
        out = await room.reaction(program, lambda best: CHANGED[0] < best < CHANGED[1])
        within(CHANGED, out, expected, "out_unchanged", "out_added")
        expected = "after F4, F4 the latency is 750 ms: 375 ms for what arrives"
        back = await room.freshness(program, pressed + COUNTED, CHANGED[1])
        within(CHANGED, back, expected, "back_unchanged", "back_added")


@check.part("measurements are smoothed, and their variation is known", todo="09.5")
async def smoothed(lab: Lab) -> None:
    """Measurements that stay, one that is late, then smaller ones, larger ones, and ones that vary."""
    rows = [[LATENCY] * SAME, [LATENCY + 1.0], [QUICK] * MANY, [0.9] * MANY, [0.1, 0.3] * MANY]
    found = iter(await estimates(lab, *(it for row in rows for it in row)))
    same, late, small, large, vary = ([next(found) for _ in row] for row in rows)
    first, variation = same[0]
    if abs(first - LATENCY) > 1e-6 or abs(variation - LATENCY / 2) > 1e-6:
        expected = "the first measurement, 400 ms, is taken as it is, and half of it is the variation"
        raise Wrong(expected, f"they are {ms(first)} and {ms(variation)}", "first")
    if late[0][0] > THROWN:
        expected = "after many measurements of 400 ms one of 1400 ms moves the round trip a little"
        raise Wrong(expected, f"it goes to {ms(late[0][0])}", "thrown")
    if small[-1][0] > 2 * QUICK or large[-1][0] < 0.8:
        expected = f"after {MANY} measurements of 50 ms it is about 50 ms, and after as many of 900 about 900"
        symptom = "stuck" if large[-1][0] < 0.8 else "only_up"
        raise Wrong(expected, f"it is {ms(small[-1][0])}, and then {ms(large[-1][0])}", symptom)
    if same[-1][1] > 0.02 or not 0.05 < vary[-1][1] < 0.2:
        expected = "the variation is about 0 when measurements are alike, and 100 ms for 100, 300, 100, 300"
        raise Wrong(expected, f"it is {ms(same[-1][1])}, and then {ms(vary[-1][1])}", "variation")


@check.part("the round trip is measured, again and again", todo="09.5 09.6", timed=True)
async def measured(lab: Lab) -> None:
    """The room answers after 400 ms, and then it becomes quicker."""
    async with playing(lab, answer_after=LATENCY) as (room, program):
        if not await rtt_between(program, *SHOWN):
            expected = "the window shows about RTT 400 ms, when each answer comes 400 ms after its request"
            rtt = shown_rtt(program.frames[-1])
            if not room.asked:
                raise Wrong(expected, "the server got no echo request", "nobody_asks")
            symptom = "half" if rtt and 0.15 < rtt < 0.3 else "huge" if rtt and rtt > 60 else "odd"
            raise Wrong(expected, f"it shows {ms(rtt)}", symptom)
        room.answer_after = QUICK
        if not await rtt_between(program, 0.0, NEARER):
            saw = f"it still shows {ms(shown_rtt(program.frames[-1]))}, after {room.asked} echo requests"
            expected = "when answers come after 50 ms instead of 400, the shown round trip falls"
            raise Wrong(expected, saw, "stays")


@check.part("the simulated latency is in the measured round trip", todo="09.1 09.2 09.3 09.6", timed=True)
async def with_latency(lab: Lab) -> None:
    """The room answers at once, and the link is slow."""
    async with playing(lab, "--latency", LATENCY * 1000) as (_, program):
        if not await rtt_between(program, *SHOWN):
            expected = "with --latency 400 the window shows about RTT 400 ms"
            raise Wrong(expected, f"it shows {ms(shown_rtt(program.frames[-1]))}", "past_the_link")


@check.part("jitter makes some messages later and others earlier", todo="09.1 09.2", timed=True)
async def jitter(lab: Lab) -> None:
    """There are few messages, so that hardly any has to wait for one before it."""
    flags = ("--latency", LATENCY * 1000, "--jitter", STRONG * 1000)
    async with playing(lab, *flags, tick_rate=RARE) as (room, program):
        if not await program.until(lambda: room.ways and min(room.ways) < EARLY and max(room.ways) > LATE):
            expected = "--latency 400 and --jitter 100 make it 100 to 300 ms from the client to the server"
            if not room.ways:
                raise Wrong(expected, "the server got no echo request", "nobody_asks")
            early, late = min(room.ways), max(room.ways)
            saw = f"of {len(room.ways)} messages the quickest took {ms(early)}, and the slowest {ms(late)}"
            raise Wrong(expected, saw, "never_early" if early > EARLY else "never_late")


@contextlib.asynccontextmanager
async def playing(
    lab: Lab, *flags: object, answer_after: float = 0.0, **more: float
) -> AsyncIterator[tuple[EchoRoom, Program]]:
    """Their client, in the game of a scripted room. Raises `Wrong`: it does not come there."""
    room = EchoRoom(lab.ports.free(), answer_after=answer_after, **more)
    expected = f"the client joins and shows the game{', with ' * bool(flags)}{' '.join(map(str, flags))}"
    client = lab.client(
        room.port, *flags, expected=expected, symptom="no_game", shows=in_game, seconds=GAME_SECONDS
    )
    async with room, client as program:
        yield room, program


def within(limits: tuple[float, float], seconds: float, expected: str, less: str, more: str) -> None:
    """Raises: Wrong: a time is not within its limits."""
    if not limits[0] < seconds < limits[1]:
        raise Wrong(expected, f"it takes {ms(seconds)}", less if seconds <= limits[0] else more)


def ms(seconds: float | None) -> str:
    """A time in words."""
    if seconds is None or seconds == float("inf"):
        return "nothing" if seconds is None else "longer than the check has waited"
    return f"{seconds * 1000:.0f} ms" if seconds < 60 else f"{seconds:.0f} seconds"
