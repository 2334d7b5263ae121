"""Step 01: three miners dig at the same time, and a clock ticks until all are back.

What overlaps is read from the order of the printed lines, which no slow computer changes; a duration is
believed only when a slower run says the same.
"""

from workshop.checking.check import Check
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE, Program
from workshop.checking.verdict import Wrong
from workshop.checks.step01_tasks.causes import CAUSES
from workshop.checks.step01_tasks.day import (
    BACK,
    DOWN,
    ENDLESS,
    FAST,
    FLOOD,
    HOME,
    NAMES,
    STONES,
    Day,
    first_day,
    lived,
    slow_day,
)
from workshop.checks.step01_tasks.other_days import ENDED, FAILS, LONGER

LONGEST, SUM, TICK = 3.0, 6.0, 0.5  # seconds: of one miner, of all three, between two ticks
TOO_LONG = (LONGEST + SUM) / 2  # seconds
LONG_SPEED, LONG_LINES = 80.0, 1000  # of the long day, which has some 250 lines
OTHER_DAYS = "workshop.checks.step01_tasks.other_days"
check = Check("step01_tasks", files=["mining.py"], causes=CAUSES)


@check.part("three stones are brought up and sold, and the program ends")
async def whole(lab: Lab) -> None:
    """One day, from its begin to its end; this rests on no TODO."""
    day = await first_day(lab)
    expected = "three stones are brought up, then sold one after the other, and the program ends"
    last = next((f'; its last line is "{line}"' for line in reversed(day.lines) if line.strip()), "")
    if day.exit_code is None and len(day.lines) > ENDLESS:
        raise Wrong(expected, f"it prints more than {ENDLESS} lines, and goes on{last}", "endless")
    if len(day.lines) > FLOOD:
        raise Wrong(expected, f"it prints more than {FLOOD} lines{last}", "flood")
    if day.exit_code is None:
        saw = f"it still runs, and has printed nothing for {PATIENCE:.0f} seconds{last}"
        raise Wrong(expected, saw, "endless")
    if day.exit_code:
        raise Wrong(expected, f"it ended with exit code {day.exit_code}{last}", "ended")
    if len(day.order) < len(STONES):
        saw = f'{len(day.order)} of 3 lines "… is back with …" came before it ended{last}'
        raise Wrong(expected, saw, "missing")
    if any(thing.startswith("<Task") for thing in day.sold):
        because = "what is sold is a task, not what its miner has found"
        hint = "task.result() is what the coroutine returned, once the task is done"
        raise Wrong(expected, f'it sold "{day.sold[0]}"', "unsold", because=because, hint=hint)
    if sorted(day.sold) != sorted(STONES):
        raise Wrong(expected, f"it sold {', '.join(day.sold) or 'nothing'}{last}", "unsold")
    if day.seconds is None:
        raise Wrong('then there is the line "all are back after … s"', f"there is none{last}", "no_back")


@check.part("the three miners dig at the same time", after=[whole], todo="01.1 01.2")
async def together(lab: Lab) -> None:
    """All go down before the first comes back; the longest waits for nobody, and each for its own time."""
    day = await first_day(lab)
    if not day.all_down_first:
        first = next((day.lines[number] for number in day.places(HOME)), "")
        saw = f'"{first}" came before all were down' if len(day.each(DOWN)) == len(NAMES) else "not so"
        raise Wrong("all three go down before the first is back", saw, "one_by_one")
    if odd_length(day) and (symptom := odd_length(day := await slow_day(lab))):
        expected = f"together they take as long as the longest: {LONGEST:.1f} s"
        raise Wrong(expected, f"they took {day.seconds:.1f} s, as the program says", symptom)
    if day.order != ["Cleo", "Ben", "Ada"] != (day := await slow_day(lab)).order:
        expected = "Cleo, who digs for 1 s, is back first, then Ben, who digs for 2 s, then Ada"
        raise Wrong(expected, f"{', '.join(day.order)} came back in this order", "odd_order")


def odd_length(day: Day) -> str:
    """The symptom of a day that is too short, or too long."""
    seconds = day.seconds or 0.0
    return "too_long" if seconds > TOO_LONG else "too_short" if seconds < 0.9 * LONGEST else ""


@check.part("the clock ticks twice a second while they dig", after=[whole], todo="01.3 01.4")
async def ticking(lab: Lab) -> None:
    """It ticks about as often as it should before all are back."""
    day = await first_day(lab)
    if odd_clock(day) and (symptom := odd_clock(day := await slow_day(lab))):
        ticks = day.ticks(before=BACK)
        how_often = ("not at all", "once")[ticks] if ticks < 2 else f"{ticks} times"
        expected = "the clock ticks twice a second until all are back"
        raise Wrong(expected, f'it printed "tick" {how_often} in {day.seconds:.1f} s', symptom)


def odd_clock(day: Day) -> str:
    """The symptom of a clock that ticks too seldom, or too often."""
    ticks, due = day.ticks(before=BACK), (day.seconds or 0.0) / TICK
    if ticks > due + 1.5:
        return "fast_clock"
    return "" if ticks > 0.6 * due else ("no_ticks", "one_tick")[ticks] if ticks < 2 else "slow_clock"


@check.part("the clock stops when all are back", after=[ticking], todo="01.4")
async def stopped(lab: Lab) -> None:
    """While the stones are sold, which takes as long as three ticks, it does not tick."""
    if ticks := (await first_day(lab)).ticks(after=BACK):
        raise Wrong("no tick once all are back", f"{ticks} ticks while the stones were sold", "goes_on")


@check.part(
    "however long they dig, all are waited for, and the clock goes on", after=[ticking], todo="01.2 01.3"
)
async def long_day(lab: Lab) -> None:
    """Everybody digs 40 times as long; the second is back long before the first."""
    day = await lived(lab.program("mining", "long", LONG_SPEED, driver=OTHER_DAYS), LONG_LINES)
    if day.exit_code != 0 or day.seconds is None:
        return  # their main() wants something else
    home = [number for number in day.each(HOME).values() if number < day.places(BACK)[0]]
    where = f"with miners who dig {LONGER} times as long"
    if len(home) < len(STONES):
        saw = f"{where}, {len(home)} of 3 were back when it said that all are"
        raise Wrong("shift() waits for all three, however long they dig", saw, "not_waited")
    if day.seconds > LONGEST * LONGER / 2 and not day.ticks(after="Ben is back", before=BACK):
        saw = f"{where}, the last of {day.ticks(before=BACK)} ticks came long before that"
        raise Wrong("the clock ticks until all are back, however long that takes", saw, "clock_ends")


@check.part("the clock stops also when a miner fails", after=[stopped], todo="01.4")
async def failing_day(lab: Lab) -> None:
    """The second miner raises an exception, which is ours and counts for nothing."""
    day = await lived(Program(lab.stage, "mining", ["failing", str(FAST)], driver=OTHER_DAYS))
    if day.places(FAILS) and day.places(ENDED) and (ticks := day.ticks(after=ENDED)):
        saw = f"dig() raised an exception, main() ended by it, and the clock ticked {ticks} times more"
        raise Wrong("when a miner fails, the clock is stopped all the same", saw, "left_running")
