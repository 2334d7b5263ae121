"""What may be behind the failures of step 04."""

from functools import partial

from workshop.checking.evidence import facts
from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import COMPARISONS, blocked, printed, raised, unless

has = partial(facts.has, file="client.py")  # the others are given
lacks, loops = partial(facts.lacks, file="client.py"), partial(facts.loops, file="client.py")

BESIDE = "receiving = asyncio.create_task(receive(connection, world)) before the loop that draws"
DEADLINE = "deadline = max(deadline + 1 / fps, last), and await asyncio.sleep(deadline - time.perf_counter())"

CAUSES = [
    Cause(
        "stops no_frames not_newest not_shown",
        "pygame.event.wait() waits until the player does something, and all else stands still meanwhile",
        "for event in pygame.event.get(): it takes what there is, and does not wait",
        blocked,
        has("pygame.event.wait(...)"),
        about="wants_to_quit",
    ),
    Cause(
        "stops not_newest not_shown",
        "`frames` has no await: the loop that draws never gives up its turn, so nothing is received",
        "await asyncio.sleep(…) until the next frame: messages come in meanwhile",
        blocked,
        lacks("await _", "async for _ in _: ...", "async with _: ...", inside="frames"),
        has("async for _ in frames(...): ..."),
        unless(has("pygame.event.wait(...)")),
    ),
    Cause(
        "not_newest not_shown",
        "`receive` has no loop: it takes one message, and ends",
        "async for message in connection:",
        lacks("async for _ in _: ...", "for _ in _: ...", "while _: ...", inside="receive"),
    ),
    Cause(
        "not_newest not_shown silent_goodbye",
        "nothing calls `receive`",
        BESIDE,
        lacks("receive", "receive(...)", "_.receive"),
        about="play",
    ),
    Cause(
        "silent_goodbye silent_cut",
        "nothing in `receive` changes the notice",
        "world.notice = GONE, after all messages",
        has("receive(...)"),
        lacks("_.notice = _", inside="receive"),
        lacks("_ = GONE"),
    ),
    Cause(
        "silent_goodbye",
        "a server that says goodbye ends `async for` without an exception: except has nothing to catch then",
        "put GONE into the notice after the try statement: whatever ended the loop",
        has("try:\n async for _ in _: ...\nexcept ConnectionClosed:\n _.notice = _", inside="receive"),
    ),
    Cause(
        "ends",
        "the exception of the closed connection came out of `play`, and `main` ended the program at it",
        "catch ConnectionClosed around the loop that receives",
        printed("^no connection to"),
    ),
    Cause(
        "ends",
        "the loop that draws ends when the task that receives is done",
        "leave the loop when the player wants it, and never because of the server",
        has("_.done()", inside="play"),
    ),
    Cause(
        "ends not_shown stops",
        'a message is an object that has "dots" in it, and the whole of it was kept as the dots',
        'world.dots = json.loads(message)["dots"]',
        raised("ValueError", "unpack"),
        lacks('"dots"'),
    ),
    Cause(
        "too_few",
        "each frame sleeps a whole 1 / fps, and what drawing takes is added to that",
        DEADLINE,
        has("asyncio.sleep(1 / _)", "time.sleep(1 / _)", inside="frames"),
    ),
    Cause(
        "too_many",
        "asyncio.sleep(0) lets the others have their turn, and does not wait for the time of the next frame",
        DEADLINE,
        has("asyncio.sleep(0)"),
        unless(has("asyncio.sleep(_ - _)", "asyncio.sleep(max(...))", "asyncio.sleep(_ / _)")),
        about="frames",
    ),
    Cause(
        "odd_dt",
        "`frames` yields the same number each time, whatever has passed",
        "yield min(now - last, MAX_DT), and last = now after it",
        has("yield 1 / _", "yield 1.0 / _", inside="frames"),
    ),
    Cause(
        "odd_dt",
        "`last` stays what it was at the beginning: each frame gets the seconds since then",
        "last = now, after the yield",
        has("_ - last", inside="frames"),
        unless(loops("last = _", "_, last = _", "last, _ = _", "(last := _)", inside="frames")),
    ),
    Cause(
        "jumps",
        "nothing limits the seconds that a frame gets",
        "yield min(now - last, MAX_DT)",
        lacks("min(...)", "MAX_DT", *COMPARISONS, inside="frames"),
        lacks("min(...)", "MAX_DT", inside="play"),
    ),
    Cause(
        "made_up",
        "each deadline is the one before plus 1 / fps, also when that is long past",
        "deadline = max(deadline + 1 / fps, last): after a pause it starts again from now",
        has("_ += 1 / _", "_A = _A + 1 / _", inside="frames"),
        lacks("max(...)", "if _: ...", "while _ < _: ...", inside="frames"),
    ),
    Cause(
        "ignores_close",
        "nothing looks for pygame.QUIT, which is the window's close button",
        "if event.type == pygame.QUIT: return True",
        lacks("pygame.QUIT", "QUIT", "_.QUIT"),
    ),
    Cause(
        "ignores_escape",
        "nothing looks for the Esc key among the events of pygame",
        "if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE: return True",
        lacks("pygame.K_ESCAPE", "K_ESCAPE", "_.K_ESCAPE"),
    ),
    Cause(
        "ignores_close ignores_escape",
        "nothing takes the events of the window, and without that pygame knows of no key and no button",
        "for event in pygame.event.get():",
        lacks("pygame.event", "_.event.get", "event.get"),
        about="wants_to_quit",
    ),
    Cause(
        "ignores_close ignores_escape",
        "`return False` is in the loop: the events after that one are thrown away",
        "return False after the loop, not in it",
        has("for _ in _: return False", inside="wants_to_quit"),
        has("return True", inside="wants_to_quit"),
    ),
    Cause(
        "ends_badly",
        "pygame.quit() closes the window, and the loop goes on to draw in it",
        "return True instead: then `play` leaves the loop",
        raised(r"pygame.error"),
        has("pygame.quit()", inside="wants_to_quit"),
    ),
    Cause(
        "hangs",
        "nothing cancels the task that receives, and the program waits for both",
        "receiving.cancel() after the loop that draws",
        has("asyncio.gather(...)", "asyncio.wait(...)", "asyncio.TaskGroup()", inside="play"),
        lacks("_.cancel()"),
    ),
    Cause(
        "stops",
        "the loop that draws waits for a message before each frame",
        BESIDE,
        loops("_.recv()", inside="play"),
        unless(has("asyncio.wait_for(...)", "asyncio.timeout(...)", "asyncio.timeout_at(...)")),
    ),
    Cause(
        "not_shown",
        "receiving ends with all messages, and the loop that draws waits for that",
        BESIDE,
        loops("await receive(...)", inside="play"),
    ),
    Cause(
        "too_old",
        "each frame takes one message, but more than one has come",
        BESIDE,
        loops("asyncio.wait_for(_.recv(), ...)", inside="play"),
    ),
    Cause(
        "too_old",
        "each frame takes the oldest of the messages that wait in line, and the line grows",
        "let each message replace the one before: world.dots = …",
        loops("_.get_nowait()", "_.popleft()", "_.pop(0)", inside="play"),
        unless(has("while _: _.get_nowait()", "while _: _.popleft()", "while _: _.pop(0)")),
    ),
    Cause(
        "raised",
        "each frame begins one more task that receives, and only one may receive at a time",
        BESIDE,
        raised("ConcurrencyError"),
        loops("asyncio.create_task(receive(...))", "asyncio.ensure_future(receive(...))"),
        about="play",
    ),
]
