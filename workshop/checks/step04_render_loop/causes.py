"""What the check of step 04 says about each mistake."""

from __future__ import annotations

import re

from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Trouble, Wrong

BUSY_RATE = 200  # messages a second
OLD = 0.15  # seconds
WAITING_CALL = re.compile(r"\b[\w.]*(?:tick\w*|sleep|wait|delay)\(")


def waiting_in_the_loop(program: Program) -> Trouble | None:
    """A call that waits, and keeps the event loop from everything else meanwhile."""
    for trouble in program.troubles:
        text = trouble.place.text if trouble.place else ""
        if trouble.kind == "blocked" and "await" not in text and WAITING_CALL.search(text):
            return trouble
    return None


def no_frames(lab: Lab, program: Program) -> Wrong:
    """Connected, and not one frame."""
    if place := lab.stage.find("client.py", r"^\s+await receive\("):
        return Wrong(
            "the client draws, as soon as it is connected",
            f"no frame within {PATIENCE:.0f} seconds",
            "before its first frame the loop waits until receive is over, which takes all messages",
            place=place,
            hint="receive beside the loop: receiving = asyncio.create_task(receive(connection, world))",
        )
    return Wrong(
        "the client draws, as soon as it is connected",
        f"no frame within {PATIENCE:.0f} seconds",
        "what draws is never run, or waits for something else first",
        place=lab.stage.find("client.py", r"async for dt|\.draw\("),
        hint="in the loop over frames(FPS): picture.draw(world.dots, world.notice, dt)",
    )


def not_shown(lab: Lab, program: Program, count: int) -> Wrong:
    """Frames, and not what the messages said."""
    waits = waiting_in_the_loop(program) or program.trouble("blocked")
    worst = program.trouble()
    if waits and worst and worst.kind == "blocked":
        return Wrong(
            "a dot where the newest message says, and another place with each message",
            f"{len(program.frames)} frames, and {count or 'no'} message in them; {waits}",
            "the loop that draws never gives up its turn, so nothing can be received",
            place=waits.place,
            hint="await asyncio.sleep(…) before each frame: while it waits, messages come in",
            sure=True,
        )
    return Wrong(
        "a dot where the newest message says, and another place with each message",
        f"{len(program.frames)} frames, and {count or 'no'} message in them",
        "nothing receives beside the drawing, or it ends after one message",
        place=lab.stage.find("client.py", r"receive\((?!connection: )|\.recv\(|async for message"),
        hint="receiving = asyncio.create_task(receive(connection, world)), and in receive() a loop",
    )


def too_slow(lab: Lab, program: Program, frames: int, when: str) -> Wrong:
    """Not enough frames."""
    expected, saw = f"60 frames a second {when}", f"{frames} frames in the best second"
    if len(program.frames) <= 3:
        return Wrong(
            expected,
            f"{len(program.frames)} in all, and then no more",
            "the loop that draws waits for a message before each frame",
            place=lab.stage.find("client.py", r"await (?:connection\.recv|receive|asyncio\.wait_for)\("),
            hint="let a task receive, and draw without waiting for it: asyncio.create_task(receive(…))",
        )
    return Wrong(
        expected,
        saw,
        "each frame waits too long, or for something else than the time",
        place=lab.stage.find("client.py", r"sleep\(|wait_for\(|timeout"),
        hint="the deadline of a frame is the one before plus 1 / fps; sleep until then, and no longer",
    )


def too_old(lab: Lab, age: float) -> Wrong:
    """The state in the window is behind, and stays so."""
    if place := lab.stage.find("client.py", r"wait_for\(|timeout\("):
        cause = "each frame takes a single message, by a wait with a short limit, and more than one has come"
    else:
        cause = "each frame takes the oldest of the messages that wait in line, and the line grows"
        place = lab.stage.find("client.py", r"\.get_nowait\(|\.get\(|popleft\(|pop\(0|\.recv\(")
    return Wrong(
        f"what is shown is less than {1000 * OLD:.0f} ms old, at {BUSY_RATE} messages a second",
        f"after some seconds it is {1000 * age:.0f} ms old",
        cause,
        place=place,
        hint="receive in a task of its own, and let each message replace the one before",
    )


def starved(waits: Trouble, mean: float) -> Wrong:
    """Enough frames, but the network has its turn only once in each."""
    assert waits.place is not None
    call = WAITING_CALL.search(waits.place.text)
    name = call[0].rstrip("(") if call else "this line"
    return Wrong(
        "between two frames the network has its turn: a ping is answered within a millisecond or two",
        f"it took {1000 * mean:.0f} ms on average, while the program stood in {name}",
        f"{name} waits with the whole event loop standing still; the network gets one moment a frame",
        place=waits.place,
        hint="wait with await asyncio.sleep(deadline - time.perf_counter()) in the place of it",
        sure=True,
    )


def vanished(lab: Lab, program: Program, what: str) -> Wrong:
    """The program ended with the server."""
    if program.trouble("crashed"):
        return program.ended_early(f"when the server {what}, the window says so and goes on")
    return Wrong(
        f"when the server {what}, the window says so and goes on",
        "the program ended, and the window vanished with it",
        "the end of the connection ends the loop that draws",
        place=lab.stage.find("client.py", r"except|FIRST_COMPLETED|TaskGroup|return|break"),
        hint="only the player ends the program: let receive() end by itself, and put GONE into the notice",
    )
