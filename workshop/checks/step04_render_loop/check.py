"""Step 04: the window draws 60 frames a second whatever the network does, and shows the newest state."""

from __future__ import annotations

import asyncio
import contextlib
import re
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

from websockets.asyncio.server import ServerConnection, serve

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.peers.dot import Dot
from workshop.checking.program import PATIENCE, START_SECONDS, Program
from workshop.checking.verdict import Wrong
from workshop.checking.wire import Frame
from workshop.checks.step04_render_loop.causes import (
    BUSY_RATE,
    OLD,
    no_frames,
    not_shown,
    starved,
    too_old,
    too_slow,
    vanished,
    waiting_in_the_loop,
)

ENOUGH = 50  # frames in one second
SHARE = 0.8  # of the frames of a loop of ours beside it: enough where a machine cannot do 50
TOO_MANY = 130  # frames a second that no screen shows
MEASURING = 2.5  # seconds to reach ENOUGH in, before our own loop shows what this machine can do
WORK = 40_000  # steps of counting in a frame of our own loop: about what drawing costs
PINGS = 20
STARVED = 0.003  # seconds; a loop that has its turn only once a frame answers in 8 ms on average
check = Check("step04_render_loop", files=["client.py"])


@contextlib.asynccontextmanager
async def watched(lab: Lab, rate: float) -> AsyncIterator[tuple[Dot, Program]]:
    """Their client, connected to a server of ours, with its first frame drawn."""
    dot, port = Dot(rate), lab.ports.free()
    async with (
        serve(dot.tell, "127.0.0.1", port),
        lab.program("client", "--host", "127.0.0.1", "--port", port, window=True) as program,
    ):
        await begun(lab, dot, program)
        yield dot, program


async def begun(lab: Lab, dot: Dot, program: Program) -> None:
    """Wait until the client is connected, and has drawn."""
    await program.until(lambda: dot.connection or program.exit_code is not None, START_SECONDS)
    if program.exit_code is not None:
        raise program.ended_early("the client connects, and shows a window")
    if dot.connection is None:
        raise Wrong(
            "the client connects to the address of its command line",
            f"nobody has come after {START_SECONDS:.0f} seconds",
            "the client never gets as far as connect, or connects to somewhere else",
            place=lab.stage.find("client.py", r"connect\("),
            hint='async with connect(f"ws://{host}:{port}", proxy=None) as connection:',
        )
    if not await program.until(lambda: program.frames or program.exit_code is not None):
        raise no_frames(lab, program)


@check.part("the window shows what the server tells")
async def shows(lab: Lab) -> None:
    """Ten messages a second, as from the server of this step."""
    async with watched(lab, 10) as (dot, program):

        def times() -> set[float]:
            return {shown for frame in program.frames if (shown := dot.shown(frame)) is not None}

        if not await program.until(lambda: len(times()) >= 3 or program.exit_code is not None):
            raise not_shown(lab, program, len(times()))
        if program.exit_code is not None and len(times()) < 3:
            raise program.ended_early("the window stays, and shows what the server tells")


@check.part("60 frames a second while the server says nothing")
async def silent(lab: Lab) -> None:
    """One message at the beginning, and then silence."""
    async with watched(lab, 0) as (_, program):
        frames, possible = await pace(program)
        if frames < possible:
            raise too_slow(lab, program, frames, "while the server says nothing")
        if (rate := usual_rate(program.frames)) > TOO_MANY:
            raise Wrong(
                "60 frames a second, and rest in between",
                f"{rate:.0f} frames a second: as many as the computer can",
                "nothing waits for the time of the next frame, so one core works all the time",
                place=lab.stage.find("client.py", r"sleep\(0|sleep\(|async for dt|while "),
                hint="await asyncio.sleep(deadline - time.perf_counter()) before each frame",
                sure=True,
            )


@check.part("60 frames a second, and the newest state, while the server says much")
async def busy(lab: Lab) -> None:
    """200 messages a second, and some pings."""
    async with watched(lab, BUSY_RATE) as (dot, program):
        assert dot.connection is not None
        pings = asyncio.create_task(round_trips(dot.connection))
        frames, possible = await pace(program)
        if frames < possible:
            raise too_slow(lab, program, frames, f"at {BUSY_RATE} messages a second")
        if (age := await lasting_age(dot, program)) is not None:
            raise too_old(lab, age)
        if statistics.fmean(times := await pings) > STARVED:
            waits = await program.until(lambda: waiting_in_the_loop(program), 2.0)
            if waits:
                raise starved(waits, statistics.fmean(times))


@check.part("the window's close button and Esc end the program")
async def closes(lab: Lab) -> None:
    """Two windows at once: one is closed, in the other Esc is pressed."""
    async with watched(lab, 10) as (_, closed), watched(lab, 10) as (_, escaped):
        closed.close_window()
        escaped.hold("escape")
        await quits(lab, closed, "the window's close button", "pygame.QUIT")
        await quits(lab, escaped, "the Esc key", "pygame.K_ESCAPE")


async def quits(lab: Lab, program: Program, what: str, name: str) -> None:
    """Look whether it ends, and how."""
    drawn = len(program.frames)
    code = await program.ended()
    if code is None and len(program.frames) > drawn + 5:
        raise Wrong(
            f"{what} ends the program",
            f"it goes on drawing {PATIENCE:.0f} seconds later",
            f"nobody looks for {name} among the events of pygame",
            place=lab.stage.find("client.py", r"event\.get|event\.pump|event\.poll|def wants_to_quit"),
            hint=f"for event in pygame.event.get(): and look at {name}",
            sure=True,
        )
    if code is None:
        raise Wrong(
            f"{what} ends the program",
            f"it has stopped drawing, but still runs {PATIENCE:.0f} seconds later",
            "something still waits for the next message: the task that receives was not cancelled",
            place=lab.stage.find("client.py", r"gather\(|TaskGroup\(|create_task\(|Thread\("),
            hint="receiving.cancel() behind the loop that draws",
            sure=True,
        )
    if code != 0:
        raise program.ended_early(f"{what} ends the program, without an error")


@check.part("when the server goes, the window stays and says so")
async def server_gone(lab: Lab) -> None:
    """In one window the server says goodbye; in the other the connection is cut."""
    async with watched(lab, 10) as (polite, first), watched(lab, 10) as (rude, second):
        assert polite.connection is not None and rude.connection is not None
        before = [words(first), words(second)]
        await polite.connection.close(1001)
        rude.connection.transport.abort()
        await stays(lab, first, before[0], "closes the connection")
        await stays(lab, second, before[1], "is cut off, without a goodbye")


async def stays(lab: Lab, program: Program, before: set[str], what: str) -> None:
    """Look whether there are new words in the window, and frames after them."""
    new = await program.until(lambda: words(program) - before or program.exit_code is not None, PATIENCE)
    drawn = len(program.frames)
    more = await program.until(lambda: len(program.frames) > drawn + 10 or program.exit_code is not None)
    if program.exit_code is not None:
        raise vanished(lab, program, what)
    if new and more:
        return
    raise Wrong(
        f"when the server {what}, the window says so and goes on",
        "the window goes on, and says nothing new" if more else "no more frames are drawn",
        "what stands behind the loop that receives is not reached, or does not change the notice",
        place=lab.stage.find("client.py", r"GONE$|except ConnectionClosed|suppress\(|async for message"),
        hint="catch ConnectionClosed around the loop that receives; behind both, world.notice = GONE",
    )


async def pace(program: Program) -> tuple[int, int]:
    """Frames in their best second, and how many are enough: fewer where this machine cannot do more."""
    await program.until(lambda: best_second(program.frames) >= ENOUGH, MEASURING)
    if (best := best_second(program.frames)) >= ENOUGH:
        return best, ENOUGH
    drawn = len(program.frames)
    ours, seconds = await own_frames(1.5)
    theirs = len(program.frames) - drawn
    return max(best, round(theirs / seconds)), min(ENOUGH, round(SHARE * ours / seconds))


async def own_frames(seconds: float) -> tuple[int, float]:
    """Frames that a loop of ours makes now, and the seconds that it took."""
    began = due = time.perf_counter()
    count = 0
    while (now := time.perf_counter()) < began + seconds:
        due = max(due + 1 / 60, now)
        await asyncio.sleep(due - now)
        sum(range(WORK))
        count += 1
    return count, time.perf_counter() - began


def best_second(frames: Sequence[Frame]) -> int:
    """The most frames within one second."""
    best = first = 0
    for last, frame in enumerate(frames):
        while frames[first].time < frame.time - 1.0:
            first += 1
        best = max(best, last - first)
    return best


def usual_rate(frames: Sequence[Frame]) -> float:
    """Frames a second, by the usual time from one to the next."""
    return 1 / max(1e-6, usual_gap(frames))


def usual_gap(frames: Sequence[Frame]) -> float:
    """Seconds from one frame to the next, usually."""
    return statistics.median([b.time - a.time for a, b in pairwise(frames)] or [1.0])


async def lasting_age(dot: Dot, program: Program) -> float | None:
    """How old what they show remains, in seconds; None when it is new enough at least for a while."""
    await program.until(lambda: program.frames[-1].time > dot.began + 1.5)
    start = len(program.frames)

    def windows() -> list[float]:
        ages = dot.ages(program.frames[start:])
        return [statistics.median(ages[end - 20 : end]) for end in range(20, len(ages), 10)]

    allowed = OLD + 3 * max(0.0, usual_gap(program.frames) - 0.02)
    if await program.until(lambda: any(age < allowed for age in windows()), 3.0):
        return None
    return (windows() or [dot.ages(program.frames)[-1]])[-1]


async def round_trips(connection: ServerConnection) -> list[float]:
    """How long the client takes to answer pings, in seconds each."""
    times = []
    for _ in range(PINGS):
        times.append(await (await connection.ping()))
        await asyncio.sleep(0.037)
    return times


def words(program: Program) -> set[str]:
    """Everything that the window has said, without numbers."""
    return {re.sub(r"\d+", "", text) for frame in program.frames for text in frame.texts}
