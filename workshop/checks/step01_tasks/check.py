"""Step 01: three miners dig at the same time, and a clock ticks until all are back.

What overlaps is read from the order of the printed lines, which no slow computer changes; a duration is
believed only when a slower run says the same.
"""

from __future__ import annotations

import re

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.verdict import Place, Wrong
from workshop.checks.step01_tasks.day import BACK, FAST, SLOW, STONES, Day, lived

COROUTINE = "'coroutine' object has no attribute"  # says an exception: what should be a task is none
FILE = "mining.py"
LONGEST, SUM = 3.0, 6.0  # seconds: of one miner, of all three
TOO_LONG, FAR_TOO_LONG = (LONGEST + SUM) / 2, 3 * SUM  # seconds
check = Check("step01_tasks", files=[FILE])


@check.part("three stones are brought up and sold, and the program ends")
async def whole(lab: Lab) -> None:
    """One day, from its begin to its end."""
    day = await lived(lab)
    if day.exit_code is None:
        raise endless(lab, day)
    sold = [line.removeprefix("sold ") for line in day.lines if line.startswith("sold ")]
    if day.exit_code or sorted(sold) != sorted(STONES):
        raise (
            forgotten(lab, *fate(day))
            or awaited_clock(lab, day)
            or no_task(lab, day)
            or unsold(lab, day, sold)
        )


@check.part("the three miners dig at the same time")
async def together(lab: Lab) -> None:
    """All go down before the first comes back, and the longest waits for nobody."""
    day = await lived(lab)
    if not day.all_down_first:
        raise one_by_one(lab, day)
    if day.seconds > FAR_TOO_LONG:
        raise speed_ignored(lab, day)
    if day.seconds > TOO_LONG and (await lived(lab, SLOW)).seconds > TOO_LONG:
        raise in_line(lab, day)


@check.part("the clock ticks while they dig")
async def ticking(lab: Lab) -> None:
    """It ticks more than once before all are back."""
    day = await lived(lab)
    if day.ticks() < 2 and (day := await lived(lab, SLOW)).ticks() < 2:
        raise silent(lab, day)


@check.part("the clock stops when all are back")
async def stopped(lab: Lab) -> None:
    """While the stones are sold, which takes as long as three ticks, it does not tick."""
    day = await lived(lab)
    if ticks := day.ticks(after=True):
        raise goes_on(lab, ticks)


def fate(day: Day) -> tuple[str, str]:
    """What should happen in a day, and what did."""
    said = next((line for line in reversed(day.lines) if line.strip()), "")
    end = "it still runs" if day.exit_code is None else f"it ended with exit code {day.exit_code}"
    last = f'; its last line is "{said}"' if said else ", and printed nothing"
    return "three stones are sold, one after the other, and the program ends", end + last


def forgotten(lab: Lab, expected: str, saw: str) -> Wrong | None:
    """When Python says that a coroutine was never awaited; None when it does not, or that is no mistake."""
    warning, crash = lab.trouble("warning"), lab.trouble("crashed")
    found = warning and re.search(r"coroutine '(\w+\.)*(\w+)' was never awaited", warning.message)
    if not warning or not found or (crash and (crash.place == warning.place or COROUTINE in crash.message)):
        return None
    name, is_clock = found[2], found[2] == "tick"
    return Wrong(
        expected,
        saw,
        f"{name}(…) was never awaited: the call only makes a coroutine, and nobody runs it",
        place=warning.place,
        hint="asyncio.create_task(tick(speed)) runs it beside you" if is_clock else f"await {name}(…)",
        sure=True,
    )


def endless(lab: Lab, day: Day) -> Wrong:
    """The program does not end."""
    expected, saw = fate(day)
    if blocked := lab.trouble("blocked"):
        return standing_still(expected, f"{saw}; {blocked}", blocked.place)
    cause, pattern, hint = why_endless(day)
    return Wrong(expected, saw, cause, place=lab.stage.find(FILE, pattern), hint=hint, sure=True)


def why_endless(day: Day) -> tuple[str, str, str]:
    """Why it does not end: cause, where to look, hint."""
    if day.places(BACK):
        cause = "the clock is cancelled, and goes on: something catches the CancelledError"
        return cause, r"except", "let CancelledError pass: without an except, or with raise at its end"
    if day.places("is back with"):
        cause = "the program waits for the clock as it waits for the miners, and a clock never comes back"
        hint = "asyncio.create_task(tick(speed)) outside of the group, and cancel() behind it"
        return cause, r"\btick\(speed", hint
    cause = "the program waits for the end of the clock before any miner goes down; it has none"
    return (
        cause,
        r"await .*tick\(|await clock",
        "clock = asyncio.create_task(tick(speed)): it runs beside you",
    )


def awaited_clock(lab: Lab, day: Day) -> Wrong | None:
    """When the program ended by the CancelledError of its own clock."""
    if not day.places("CancelledError"):
        return None
    return Wrong(
        *fate(day),
        "who awaits a task that is cancelled gets its CancelledError",
        place=lab.stage.find(FILE, r"await clock"),
        hint="after clock.cancel() do not await it; or do, and catch asyncio.CancelledError there",
        sure=True,
    )


def no_task(lab: Lab, day: Day) -> Wrong | None:
    """When a coroutine was to be cancelled."""
    crash = lab.trouble("crashed")
    if not crash or COROUTINE not in crash.message:
        return None
    return Wrong(
        *fate(day),
        f"{crash}: tick(…) only makes a coroutine, which nobody runs and nobody can cancel",
        place=lab.stage.find(FILE, r"= tick\(") or crash.place,
        hint="clock = asyncio.create_task(tick(speed))",
        sure=True,
    )


def unsold(lab: Lab, day: Day, sold: list[str]) -> Wrong:
    """The program ended, and something else than the three stones was sold."""
    expected, saw = fate(day)
    if any("Task" in thing or "coroutine" in thing for thing in sold):
        cause = "a task is sold in the place of what its miner found"
        return Wrong(
            expected,
            f'it sold "{sold[0]}"',
            cause,
            place=lab.stage.find(FILE, "return .*tasks"),
            hint="task.result() is what the coroutine returned, once the task is done",
        )
    if len(day.places("is back with")) < len(STONES):
        missing = len(STONES) - len(day.places("is back with"))
        return Wrong(
            expected,
            f"{missing} of 3 miners never came back",
            "the tasks are made, and nobody waits for them: when main() ends, they are gone",
            place=lab.stage.find(FILE, r"create_task\(\s*dig|ensure_future"),
            hint="keep them in a list, and await each; or let a TaskGroup wait",
        )
    return Wrong(
        expected,
        f"it sold {', '.join(sold) or 'nothing'}; {saw}",
        "what the miners found is not collected",
        place=lab.stage.function(FILE, "shift"),
        hint="shift() returns a list with what each dig(…) returned",
    )


def one_by_one(lab: Lab, day: Day) -> Wrong:
    """Somebody was back before all had gone down."""
    first = next((day.lines[number] for number in day.places("is back with")), "nobody is back")
    expected = "all three go down before the first is back"
    saw = f'"{first}" before all were down; together they took {day.seconds:.1f} s'
    if wrong := forgotten(lab, expected, saw):
        return wrong
    if blocked := lab.trouble("blocked"):
        return standing_still(expected, saw, blocked.place)
    if sleeping := next(lab.stage.calls(FILE, "time.sleep"), None):
        return standing_still(expected, saw, sleeping)
    at_once = lab.stage.find(FILE, r"await \w+\.create_task\(")
    made = "each task is awaited where it is made, so the next is made when it is done"
    return Wrong(
        expected,
        saw,
        made if at_once else "one miner is waited for before the next one is started",
        place=at_once or lab.stage.find(FILE, r"await dig\(") or lab.stage.function(FILE, "shift"),
        hint="first make all the tasks, then wait for them: TaskGroup, or asyncio.gather(*…)",
    )


def standing_still(expected: str, saw: str, place: Place | None) -> Wrong:
    """Something keeps the event loop from everything else."""
    return Wrong(
        expected,
        saw,
        "the whole program stands still at this line: no task has its turn meanwhile",
        place=place,
        hint="await asyncio.sleep(…) in the place of time.sleep(…) lets the others run",
        sure=True,
    )


def speed_ignored(lab: Lab, day: Day) -> Wrong:
    """They dig at the same time, and no faster than without --speed."""
    return Wrong(
        *duration(day),
        "a miner's wait does not become shorter with --speed",
        place=lab.stage.find(FILE, r"asyncio\.sleep\(miner"),
        hint="wait for miner.seconds / speed",
    )


def in_line(lab: Lab, day: Day) -> Wrong:
    """They went down together, and yet their times add up."""
    return Wrong(
        *duration(day),
        "they wait one behind the other",
        place=lab.stage.find(FILE, r"Lock|Semaphore|await "),
        hint="wait in each task, and for nothing that another one holds",
    )


def duration(day: Day) -> tuple[str, str]:
    """How long it should have taken, and how long it took."""
    saw = f"they took {day.seconds:.1f} s of the program's time, at --speed {FAST:.0f}"
    return f"together they take as long as the longest: {LONGEST:.1f} s", saw


def silent(lab: Lab, day: Day) -> Wrong:
    """The clock ticked not at all, or once."""
    expected = "the clock ticks about five times before all are back"
    saw = f"it ticked {'once' if day.ticks() else 'not at all'}"
    if wrong := forgotten(lab, expected, saw):
        return wrong
    if day.ticks():
        cause, hint = "tick() comes to its end after one tick", "while True: around the wait and the print"
        return Wrong(expected, saw, cause, place=lab.stage.function(FILE, "tick"), hint=hint)
    started = lab.stage.find(FILE, r"(?<!def )\btick\(")
    return Wrong(
        expected,
        saw,
        "the clock is started too late, or stopped too early" if started else "nobody calls tick()",
        place=started or lab.stage.function(FILE, "main"),
        hint="clock = asyncio.create_task(tick(speed)) before the miners go down",
    )


def goes_on(lab: Lab, ticks: int) -> Wrong:
    """The clock ticked while the stones were sold."""
    cancelled = lab.stage.find(FILE, r"\.cancel\(")
    cause = "the clock is cancelled too late" if cancelled else "nobody cancels the clock"
    return Wrong(
        "no tick once all are back",
        f"{ticks} ticks while the stones were sold",
        f"{cause}: a task runs until it returns, or is cancelled",
        place=cancelled or lab.stage.find(FILE, r"create_task\(tick"),
        hint="clock.cancel() directly behind the line that waits for the miners",
    )
