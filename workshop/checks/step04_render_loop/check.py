"""Step 04: the window draws 60 frames a second whatever the network does, and shows the newest state."""

import asyncio
import contextlib
import re
import statistics
import time
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import pairwise

from websockets.asyncio.server import ServerConnection, serve

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.dot import Dot, told_seconds
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checking.verdict import Trouble, Wrong
from workshop.checking.waiting import until
from workshop.checking.wire import Frame
from workshop.checks.step04_render_loop.causes import CAUSES

RATE, MUCH = 10, 200  # messages a second: as from the server of this step, and of a busy one
ENOUGH, MOST = 50, 75  # frames in one second
SHARE = 0.8  # of the frames of a loop of ours beside it: enough where a machine cannot do 50
MEASURING = 1.6  # seconds to reach ENOUGH in, before our own loop shows what this machine can do
WORK = 40_000  # steps of counting in a frame of our own loop: about what drawing costs
COST, SLOW, PAUSE = 0.008, 0.03, 0.6  # seconds that a frame takes more: usual, slow, a window is dragged
SLOW_FRAMES = 24
LONGEST_DT = 0.1  # seconds: MAX_DT
BURST, BURST_SECONDS = 24, 0.25  # frames that are too many right after a pause, in so many seconds
OLD = 0.15  # seconds
PINGS = 12
STARVED = 0.003  # seconds; a loop that has its turn only once a frame answers in 8 ms on average
SOON, AFTERMATH = 90, 20  # frames until something must be seen, and those in which an exception may come up
NOTHING_NEW = "the window goes on, and does not say anything"
ALL_WINDOWS = " frames a second"  # what each window says
WAITING_CALL = re.compile(r"\b[\w.]*(?:tick\w*|sleep|wait|delay)\(")
check = Check("step04_render_loop", files=["client.py"], causes=CAUSES)


@contextlib.asynccontextmanager
async def watched(lab: Lab, rate: float) -> AsyncIterator[tuple[Dot, Program]]:
    """Their client, connected to a server of ours."""
    dot, port = Dot(rate), lab.ports.free()
    expected = "the client connects to the address of its command line, and shows a window"
    saw = f"nobody has come after {START_SECONDS:.0f} seconds"
    client = lab.client(
        port, expected=expected, saw=saw, symptom="not_connected", shows=lambda program: dot.sent
    )
    async with serve(dot.tell, "127.0.0.1", port), client as program:
        yield dot, program


@contextlib.asynccontextmanager
async def drawing(lab: Lab, rate: float) -> AsyncIterator[tuple[Dot, Program]]:
    """Their client, connected to a server of ours that goes on, with its first frame drawn."""
    seconds = lab.shared.get("patience", PATIENCE)  # shorter when another part has seen no frame
    async with watched(lab, rate) as (dot, program):
        await program.until(lambda: program.frames or program.exit_code is not None, seconds)
        if not program.frames:
            lab.shared["patience"] = 1.0
            saw = ended(program) or f"no frame within {seconds:.0f} seconds"
            raise Wrong("the client draws as soon as it is connected", saw, "no_frames")
        yield dot, program


@contextlib.asynccontextmanager
async def left_alone(lab: Lab) -> AsyncIterator[Program]:
    """Their client, whose server has gone, so that nothing is left to do but to draw."""
    async with watched(lab, RATE) as (dot, program):
        await goes(dot, program)
        if not await drawn(program, 5) or program.exit_code is not None:
            saw = ended(program) or f"no more frames within {PATIENCE:.0f} seconds"
            raise Wrong("when the server has gone, the window goes on", saw, "stops")
        yield program


async def goes(dot: Dot, program: Program, *, politely: bool = True) -> None:
    """The server says a few things, and goes: with a goodbye, or cut off."""
    await program.until(lambda: len(dot.sent) > 3 or program.exit_code is not None)
    assert dot.connection is not None
    if politely:
        await dot.connection.close(1001)
    else:
        dot.connection.transport.abort()


def ended(program: Program) -> str:
    """How it ended; empty when it runs."""
    return "" if program.exit_code is None else program.ended_early("").saw


@check.part("when the server goes, the window shows its last message, and says that it has gone", todo="04.1")
async def farewell(lab: Lab) -> None:
    """In one window the server says goodbye; in the other the connection is cut."""
    async with watched(lab, RATE) as (polite, first), watched(lab, RATE) as (rude, second):
        await asyncio.gather(goes(polite, first), goes(rude, second, politely=False))
        expected = "when the server says goodbye, the window shows the last message and says that it has gone"
        await goes_on(first, expected)
        if not first.frames or not polite.shows_last(first.frames[-1]):
            shown = polite.shown(first.frames[-1]) if first.frames else None
            later = [when for when in polite.sent if shown is None or when > shown + 0.01]
            saw = f"the window does not show the last {len(later)} of the {len(polite.sent)} messages"
            raise Wrong(expected, saw, "not_newest")
        if not told(first):
            raise Wrong(expected, NOTHING_NEW, "silent_goodbye")
        expected = "when the connection is cut off, the window says so and goes on"
        await goes_on(second, expected)
        if not told(second):
            raise Wrong(expected, NOTHING_NEW, "silent_cut")


async def goes_on(program: Program, expected: str) -> None:
    """Wait until the window says something, or has drawn for a while without; and for some more frames."""
    if not await drawn(program, SOON, lambda: told(program)):
        raise Wrong(expected, "no more frames are drawn" if program.frames else "no frame was drawn", "stops")
    await drawn(program, AFTERMATH)
    if program.exit_code is not None:
        raise Wrong(expected, f"the window is gone: {ended(program)}", "ends")


async def drawn(program: Program, count: int, enough: Callable[[], bool] = lambda: False) -> bool:
    """Wait for so many frames, for at least half their usual time; or for something else, or the end."""
    start, soonest = len(program.frames), time.monotonic() + count / 120

    def done() -> bool:
        is_late = len(program.frames) > start + count and time.monotonic() > soonest
        return enough() or is_late or program.exit_code is not None

    return bool(await program.until(done))


def told(program: Program) -> bool:
    """Whether there are words in the window."""
    return bool(program.frames) and bool(words(program.frames[-1]))


@check.part("the window draws 60 frames a second, also when drawing takes time", todo="04.2", timed=True)
async def pace(lab: Lab) -> None:
    """In one of two windows each frame takes some milliseconds more, as a large picture does."""
    async with left_alone(lab) as free, left_alone(lab) as slow:
        slow.linger(COST, 10_000)
        costly = f"while drawing takes {1000 * COST:.0f} ms"
        await at_pace((free, "while there is nothing to do but to draw", 0.0), (slow, costly, COST))


@check.part(
    "the picture is told the seconds that have passed, and a long pause is not caught up",
    todo="04.2",
    timed=True,
)
async def time_passes(lab: Lab) -> None:
    """Some slow frames, and then one that takes very long."""
    async with left_alone(lab) as program:
        start = len(program.frames) + 2
        program.linger(SLOW, SLOW_FRAMES)
        frames = await more_frames(program, start, SLOW_FRAMES)
        passed = sum(min(gap, LONGEST_DT) for gap in gaps(frames))
        told = told_seconds(frames, back=0.5)
        if abs(told - passed) > 0.25 * passed + 0.08:
            expected = "`dt` is the time since the last frame, so that the picture's clock is right"
            saw = f"in {passed:.1f} seconds of slow frames the picture was told of {told:.1f} seconds"
            raise Wrong(expected, saw, "odd_dt")
        await long_pause(program)


async def long_pause(program: Program) -> None:
    """One frame takes very long: what the picture is told of it, and what comes after it."""
    start = len(program.frames) - 1  # the pause may come before the next one
    program.linger(PAUSE)
    if not await program.until(lambda: max(gaps(program.frames[start:]), default=0) > 0.8 * PAUSE):
        saw = ended(program) or f"it has drawn {len(program.frames) - start} frames since then, and no more"
        raise Wrong(f"after a pause of {PAUSE} seconds the window goes on", saw, "stops")
    await program.until(lambda: program.frames[-1].time > program.frames[start].time + PAUSE + 0.5)
    frames = program.frames[start:]
    pause = gaps(frames).index(max(gaps(frames)))
    told = told_seconds(frames[pause : pause + 4])
    if told > LONGEST_DT + sum(gaps(frames[pause + 1 : pause + 4])) + 0.15:
        expected = f"after a pause of {PAUSE} seconds `dt` is {LONGEST_DT} seconds, so that nothing jumps"
        raise Wrong(expected, f"the picture was told of {told:.1f} seconds at once", "jumps")
    begin = frames[pause + 1].time
    at_once, later = (
        sum(0.0 <= frame.time - begin - wait < BURST_SECONDS for frame in frames)
        for wait in (0.0, BURST_SECONDS)
    )
    if at_once > max(BURST, 1.4 * later):
        saw = f"{at_once} frames in {BURST_SECONDS} seconds, as if it had to catch up on the pause"
        raise Wrong("after a long pause the frames come at their usual pace", saw, "made_up")


@check.part("the window's close button and Esc end the program, and nothing else does", todo="04.3")
async def closes(lab: Lab) -> None:
    """Two windows at once: one is closed, in the other Esc is pressed; another key before."""
    async with left_alone(lab) as closed, left_alone(lab) as escaped:
        escaped.hold("a")
        await drawn(escaped, 5)
        if escaped.exit_code is not None:
            raise Wrong("a press of the key A does not end the program", ended(escaped), "ends_too_soon")
        escaped.hold("a", "escape")
        closed.hold("a")
        closed.close_window()
        # One after the other: when both fail, it is always the same that is told.
        await quits(closed, "the window's close button", "ignores_close")
        await quits(escaped, "the Esc key", "ignores_escape")


async def quits(program: Program, what: str, symptom: str) -> None:
    """Look whether it ends, and how."""
    start, expected = len(program.frames), f"{what} ends the program"
    await drawn(program, SOON)
    if program.exit_code is None and (more := len(program.frames) - start) > SOON:
        raise Wrong(expected, f"it has drawn {more} more frames since then", symptom)
    if program.exit_code is None:
        raise Wrong(expected, f"it draws no more, and still runs {PATIENCE:.0f} seconds later", "hangs")
    if await program.ended() != 0:
        raise Wrong(f"{expected}, without an error", ended(program), "ends_badly")


@check.part("the window receives while it draws, and both end when it is closed", todo="04.2 04.4")
async def beside(lab: Lab) -> None:
    """Ten messages a second, as from the server of this step; then the close button."""
    async with drawing(lab, RATE) as (dot, program):

        def times() -> set[float]:
            return {shown for frame in program.frames if (shown := dot.shown(frame)) is not None}

        await program.until(lambda: len(times()) >= 3 or program.exit_code is not None)
        if len(times()) < 3:
            expected = "each message moves the dot to another place, and the window shows it there"
            saw = f"{len(program.frames)} frames, and {len(times()) or 'no'} message in them"
            raise Wrong(expected, f"{saw}; {ended(program)}".removesuffix("; "), "not_shown")
        if said := words(program.frames[-1]):
            expected = "the window says that the server has gone when it has gone, and not before"
            raise Wrong(expected, f"the server is there, and the window says: {min(said)}", "said_too_soon")
        program.close_window()
        await quits(program, "the window's close button", "ignores_close")


@check.part("60 frames a second while the server says nothing", todo="04.2 04.4", timed=True)
async def silent(lab: Lab) -> None:
    """One message at the beginning, and then silence."""
    async with drawing(lab, 0) as (_, program):
        await at_pace((program, "while the server says nothing", 0.0))


@check.part(
    "60 frames a second, and the newest state, while the server says much", todo="04.2 04.4", timed=True
)
async def busy(lab: Lab) -> None:
    """200 messages a second, and some pings."""
    async with drawing(lab, MUCH) as (dot, program):
        assert dot.connection is not None
        await at_pace((program, f"at {MUCH} messages a second", 0.0))
        if (age := await lasting_age(dot, program)) is not None:
            expected = f"what is shown is less than {1000 * OLD:.0f} ms old, at {MUCH} messages a second"
            raise Wrong(expected, f"after some seconds it is {1000 * age:.0f} ms old", "too_old")
        mean = statistics.fmean(await round_trips(dot.connection))
        if mean > STARVED and (waits := await program.until(lambda: waiting_in_the_loop(program), 1.0)):
            raise starved(waits, mean)


async def at_pace(*windows: tuple[Program, str, float]) -> None:
    """Look whether windows draw 60 frames a second from now on: each with its words and a frame's cost."""
    starts = [len(program.frames) + 2 for program, _, _ in windows]

    def drawn() -> list[list[Frame]]:
        return [program.frames[start:] for (program, _, _), start in zip(windows, starts, strict=True)]

    await until(lambda: all(map(is_at_pace, drawn())), MEASURING)
    for (program, when, cost), frames in zip(windows, drawn(), strict=True):
        expected, best, possible = f"60 frames a second {when}", best_second(frames), ENOUGH
        if not frames:
            raise Wrong(expected, ended(program) or "no more frames are drawn", "stops")
        if best < ENOUGH:
            best, possible = await beside_ours(program, best, cost)
        if best < possible:
            raise Wrong(expected, f"{best} frames in the best second", "too_few")
        if best > MOST:
            raise Wrong(expected, f"{best} frames in a second", "too_many")


def is_at_pace(frames: Sequence[Frame]) -> bool:
    """Whether there were enough frames in one of at least one second."""
    return best_second(frames) >= ENOUGH and frames[-1].time > frames[0].time + 1.0


def waiting_in_the_loop(program: Program) -> Trouble | None:
    """A call that waits, over and over, and keeps the event loop from everything else meanwhile."""
    waits = program.trouble("asleep")
    text = waits.place.text if waits and waits.place else ""
    return waits if "await" not in text and WAITING_CALL.search(text) else None


def starved(waits: Trouble, mean: float) -> Wrong:
    """Enough frames, but the network has its turn only once in each."""
    assert waits.place is not None
    call = WAITING_CALL.search(waits.place.text)
    name = call[0].rstrip("(") if call else "this line"
    expected = "between two frames the network has its turn: a ping is answered within a millisecond or two"
    saw = f"it took {1000 * mean:.0f} ms on average, while the program stood in {name}"
    because = f"{name} waits with the whole event loop standing still; the network gets one moment a frame"
    hint = "wait with await asyncio.sleep(deadline - time.perf_counter()) instead"
    return Wrong(expected, saw, "starved", because=because, place=waits.place, hint=hint)


async def beside_ours(program: Program, best: int, cost: float) -> tuple[int, int]:
    """Frames in their best second, and how many are enough: fewer where a loop of ours cannot do more."""
    drawn, began = len(program.frames), time.perf_counter()
    due, ours = began, 0
    while (now := time.perf_counter()) < began + 1.0:
        due = max(due + 1 / 60, now)
        await asyncio.sleep(due - now)
        sum(range(WORK))
        time.sleep(cost)  # noqa: ASYNC251 - a frame's drawing stands still, too
        ours += 1
    seconds = time.perf_counter() - began
    theirs = len(program.frames) - drawn
    return max(best, round(theirs / seconds)), min(ENOUGH, round(SHARE * ours / seconds))


async def more_frames(program: Program, start: int, count: int) -> list[Frame]:
    """The next frames, as soon as they are drawn."""
    await program.until(lambda: len(program.frames) > start + count or program.exit_code is not None)
    return program.frames[start : start + count]


def best_second(frames: Sequence[Frame]) -> int:
    """The most frames within one second."""
    best = first = 0
    for last, frame in enumerate(frames):
        while frames[first].time < frame.time - 1.0:
            first += 1
        best = max(best, last - first)
    return best


def gaps(frames: Sequence[Frame]) -> list[float]:
    """Seconds from one frame to the next."""
    return [b.time - a.time for a, b in pairwise(frames)]


async def lasting_age(dot: Dot, program: Program) -> float | None:
    """How old what they show remains, in seconds; None when it is new enough at least for a while."""
    await program.until(lambda: program.frames[-1].time > dot.began + 1.5)
    start = len(program.frames)

    def windows() -> list[float]:
        ages = dot.ages(program.frames[start:])
        return [statistics.median(ages[end - 20 : end]) for end in range(20, len(ages), 10)]

    allowed = OLD + 3 * max(0.0, statistics.median(gaps(program.frames)) - 0.02)
    if await program.until(lambda: any(age < allowed for age in windows()), 3.0):
        return None
    if not windows():
        raise Wrong("the window shows where the dot is", "no dot is drawn", "not_shown")
    return windows()[-1]


async def round_trips(connection: ServerConnection) -> list[float]:
    """How long the client takes to answer pings, in seconds each."""
    times = []
    for _ in range(PINGS):
        times.append(await (await connection.ping()))
        await asyncio.sleep(0.037)
    return times


def words(frame: Frame) -> set[str]:
    """What the window says, beside how many frames a second it draws."""
    return {re.sub(r"\d+", "", text) for text in frame.texts} - {ALL_WINDOWS}
