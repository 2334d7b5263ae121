"""What may be behind the failures of step 01."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import discards, has, is_async, lacks, ordered, printed, text, unless

AWAITS = ("await _", "async with _: ...", "async for _ in _: ...")
TASK = ("_.create_task(dig(...))", "_.ensure_future(dig(...))")
CLOCK = ("_.create_task(tick(...))", "_.ensure_future(tick(...))")
ENDLESS = "while True: ..."
AWAITED_AT_ONCE = tuple(f"for _ in _: await {make}" for make in TASK) + tuple(
    f"[await {make} for _ in _]" for make in TASK
)
CANCELLATION = ("asyncio.CancelledError", "CancelledError", "BaseException")
CLOCK_TASK = "clock = asyncio.create_task(tick(speed)), before the miners go down"
FIRST_ALL = "first make all the tasks, then wait for them: TaskGroup, or asyncio.gather(*…)"
AS_LONG_AS = "wait for miner.seconds / speed, or TICK_SECONDS / speed: twice as fast is half as long"
AFTER_SHIFT = "clock.cancel() in a finally: right after the line that waits for the miners"

CAUSES = [
    Cause(
        "endless no_ticks one_by_one",
        "the loop in `tick` has no await in it: nothing else ever gets a turn again",
        "while True: with await asyncio.sleep(TICK_SECONDS / speed) in it",
        has(ENDLESS, inside="tick"),
        is_async("tick"),
        unless(has(*(f"while _:\n {each}" for each in AWAITS), inside="tick")),
    ),
    Cause(
        "endless",
        "the group waits for the clock as it waits for the miners, but a clock never comes back",
        "asyncio.create_task(tick(speed)) outside of the group, and cancel() when the miners are back",
        has(
            "async with asyncio.TaskGroup() as _G: _G.create_task(tick(...))",
            "await asyncio.gather(..., tick(...), ...)",
        ),
        has(ENDLESS, inside="tick"),
        lacks("_.cancel()"),
        about="",
    ),
    Cause(
        "endless",
        "`await tick(…)` waits for the end of the clock, and it has none",
        CLOCK_TASK + ": it runs beside you",
        has("await tick(...)", *(f"await {make}" for make in CLOCK), inside="main"),
        has(ENDLESS, inside="tick"),
        about="",
    ),
    Cause(
        "endless",
        "`tick` catches the CancelledError by which it should end, and goes on",
        "let CancelledError pass: without an except, or with raise at its end",
        has(*(f"while _:\n try: ...\n except {error}: ..." for error in CANCELLATION), inside="tick"),
        printed("all are back"),
        unless(has("raise", "return", "break", inside="tick")),
    ),
    Cause(
        "endless too_long no_ticks slow_clock",
        "a wait grows with speed, so that a faster day takes longer",
        AS_LONG_AS,
        has("asyncio.sleep(_ * speed)", "asyncio.sleep(speed * _)", "asyncio.sleep(speed / _)"),
    ),
    Cause(
        "flood too_short fast_clock",
        "// gives whole seconds alone, so that nothing is left of a short wait",
        AS_LONG_AS,
        has("asyncio.sleep(_ // _)"),
    ),
    Cause(
        "too_long",
        "`dig` does not use speed: the wait of a miner does not become shorter with --speed",
        AS_LONG_AS,
        text(r"def dig\(.*\bspeed\b"),
        lacks("speed", inside="dig"),
    ),
    Cause(
        "no_ticks one_tick slow_clock",
        "`tick` does not use speed: its wait does not become shorter with --speed",
        AS_LONG_AS,
        text(r"def tick\(.*\bspeed\b"),
        lacks("speed", inside="tick"),
        has("tick(...)"),
    ),
    Cause(
        "missing",
        "`shift` makes tasks but awaits nothing: when main() ends, they are gone",
        "keep the tasks in a list, and await each; or let a TaskGroup wait",
        has(*TASK, inside="shift"),
        lacks(*AWAITS, inside="shift"),
    ),
    Cause(
        "unsold",
        "gather returns a list of what the miners found, but nothing keeps it",
        "return await asyncio.gather(*…)",
        discards("await asyncio.gather(...)", inside="shift"),
        unless(has("_.result", "_.append(...)", "_.put_nowait(_)")),
    ),
    Cause(
        "one_by_one",
        "time.sleep stops the whole program: nothing else gets a turn meanwhile",
        "await asyncio.sleep(…) instead of time.sleep(…)",
        has("time.sleep(...)", inside="dig"),
        unless(has("asyncio.to_thread(...)", "_.run_in_executor(...)")),
    ),
    Cause(
        "one_by_one",
        "each task is awaited where it is made, so that the next one is made when it is done",
        FIRST_ALL,
        has(*AWAITED_AT_ONCE, inside="shift"),
    ),
    Cause(
        "one_by_one",
        "one miner is waited for before the next one is started: await dig(…) runs one to its end",
        FIRST_ALL,
        has("for _ in _: await dig(...)", "[await dig(...) for _ in _]", inside="shift"),
    ),
    Cause(
        "too_long",
        "they dig one after another: each waits until another has let go of the lock",
        "wait in each task, and for nothing that another one holds",
        has("async with _: await asyncio.sleep(...)", inside="dig"),
        has("asyncio.Lock()", "asyncio.Semaphore()", "asyncio.Semaphore(1)"),
        about="",
    ),
    Cause(
        "no_ticks",
        "nothing calls `tick`",
        CLOCK_TASK,
        lacks("tick"),
    ),
    Cause(
        "no_ticks",
        "the clock is started when the miners are back",
        CLOCK_TASK,
        ordered("await shift(...)", CLOCK[0], inside="main"),
        unless(ordered(CLOCK[0], "await shift(...)", inside="main")),
    ),
    Cause(
        "one_tick",
        "`tick` has no loop: it comes to its end after one tick",
        "while True: around the wait and the print",
        lacks("while _: ...", "for _ in _: ...", "async for _ in _: ...", inside="tick"),
        unless(has("tick", inside="tick")),
    ),
    Cause(
        "clock_ends",
        "the loop in `tick` comes to an end by itself after some ticks",
        "while True: the clock is stopped from outside, by cancel()",
        has("for _ in range(...): ...", inside="tick"),
        unless(has(ENDLESS, inside="tick")),
    ),
    Cause(
        "goes_on",
        "nothing cancels the clock: a task runs until it returns, or is cancelled",
        AFTER_SHIFT,
        has(*CLOCK),
        lacks("_.cancel", "_.set()"),
    ),
    Cause(
        "goes_on",
        "the clock is cancelled only when the stones are sold",
        AFTER_SHIFT,
        ordered("await sell(...)", "_.cancel()", inside="main"),
        unless(ordered("_.cancel()", "await sell(...)", inside="main")),
    ),
    Cause(
        "left_running",
        "an exception of `shift` jumps over the line with cancel()",
        "try: around the line that waits for the miners, and clock.cancel() in finally:",
        has("_.cancel()", inside="main"),
        unless(has("try: ...\nfinally: _.cancel()", inside="main")),
    ),
]
