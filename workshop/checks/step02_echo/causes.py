"""What may be behind the failures of step 02."""

from workshop.checking.evidence.causes import Cause
from workshop.checking.evidence.facts import (
    has,
    is_async,
    lacks,
    loops,
    ordered,
    raised,
    saw,
    text,
    unawaited,
    unless,
)

SERVER, CLIENT = "server.py", "client.py"
FAREWELL = "print(f'a client has left after {_} messages')"
LOOP = "async for _ in connection:"
CAUGHT_INSIDE = tuple(
    f"while True:\n try: ...\n except {name}: ..." for name in ("ConnectionClosed", "Exception")
)
FINALLY = "try: … finally: and the farewell in the finally; it runs whatever happens"
THREAD = ("asyncio.to_thread(...)", "_.run_in_executor(...)", "threading.Thread(...)", "Thread(...)")

CAUSES = [
    Cause(
        "no_answer no_more no_turn slow",
        "input() waits until somebody types at the server's keyboard, and so does the whole server",
        "the server has nothing to ask: leave it out",
        has("input(...)", inside="echo", file=SERVER),
        is_async("echo", SERVER),
        unless(has(*THREAD, file=SERVER)),
        about="",
    ),
    Cause(
        "no_turn slow",
        "time.sleep stops the whole server: no client gets its turn meanwhile",
        "wait with await alone, as in await asyncio.sleep(…)",
        has("time.sleep(...)", inside="echo", file=SERVER),
        is_async("echo", SERVER),
        unless(has(*THREAD, file=SERVER)),
        about="",
    ),
    Cause(
        "no_answer no_more",
        "connection.send comes after the loop: it is reached when the client has left",
        "await connection.send(…) inside the loop",
        ordered(f"{LOOP} ...", "connection.send(...)", inside="echo"),
        unless(has(f"{LOOP} connection.send(...)", f"{LOOP} _(..., connection, ...)")),
    ),
    Cause(
        "odd_answer odd_more",
        "`upper` is named but not called: the parentheses are missing",
        "str(message).upper()",
        saw("built-in method"),
        has("_.upper", inside="echo"),
    ),
    Cause(
        "odd_answer",
        "the answer is sent before the message is counted",
        "count += 1 as the first line in the loop",
        saw('"0: HELLO"'),
        ordered("_.send(...)", "count += 1", inside="echo"),
    ),
    Cause(
        "no_more",
        "the handler takes one message and returns, and when it ends, the connection is closed",
        "async for message in connection: goes on until the client leaves",
        has("_.recv()", inside="echo", file=SERVER),
        unless(loops("_.recv()", inside="echo", file=SERVER)),
        lacks("async for _ in _: ...", inside="echo", file=SERVER),
    ),
    Cause(
        "no_turn",
        "a client waits here until another one has let go of the lock",
        "no lock: what belongs to one client is a local variable in the handler",
        has("async with _:\n async for _ in _: ...", "async with _: await _.recv()", file=SERVER),
        has("asyncio.Lock()", "asyncio.Semaphore()", "asyncio.Semaphore(1)", file=SERVER),
    ),
    Cause(
        "odd_count",
        "Ben's four messages are counted with Ada's: all clients share one count",
        "count = 0 inside of the handler: each call of it is one client",
        saw('"5: ME"'),
    ),
    Cause(
        "no_farewell cut_farewell",
        "no line of your program prints that yet",
        FINALLY,
        unless(text("left")),
    ),
    Cause(
        "no_farewell cut_farewell cut_unsaid",
        "ConnectionClosed is caught inside an endless loop, and then nothing leaves the loop",
        "break in the except; or try: around the whole loop",
        has(*CAUGHT_INSIDE, inside="echo"),
        unless(has("break", "return", "return _", "raise", inside="echo")),
    ),
    Cause(
        "no_farewell",
        "the farewell is printed only after an exception, and a client that says goodbye raises none",
        FINALLY,
        has(f"try: ...\nexcept _: {FAREWELL}", file=SERVER),
        has("async for _ in _: ...", file=SERVER),
        unless(ordered(FAREWELL, FAREWELL, file=SERVER)),
    ),
    Cause(
        "cut_farewell",
        "what is in else: is skipped when an exception was caught",
        FINALLY,
        has(f"try: ...\nexcept _: ...\nelse: {FAREWELL}", file=SERVER),
        unless(ordered(FAREWELL, FAREWELL, file=SERVER)),
    ),
    Cause(
        "cut_untrue",
        "recv() raises ConnectionClosed for a goodbye, too, and the except does not tell one from the other",
        "async for message in connection: ends by itself after a goodbye; or except ConnectionClosedError:",
        has("_.recv()", inside="echo", file=SERVER),
        has("try: ...\nexcept ConnectionClosed: ..."),
    ),
    Cause(
        "cut_untrue",
        "the line is in finally, which runs whatever happened",
        'except ConnectionClosed: print("a client was cut off")',
        has("try: ...\nfinally: print('a client was cut off')"),
    ),
    Cause(
        "twice",
        "the farewell is in two places, and both are reached",
        "leave it in the finally alone",
        ordered(FAREWELL, FAREWELL, file=SERVER),
    ),
    Cause(
        "cut_unsaid",
        "no line of your program prints that",
        'except ConnectionClosed: print("a client was cut off")',
        unless(text("cut")),
    ),
    Cause(
        "cut_unsaid cut_farewell raised",
        "ConnectionError is Python's own: websockets raises ConnectionClosed, which is a different exception",
        "except ConnectionClosed:",
        raised("ConnectionClosedError"),
        has("try: ...\nexcept ConnectionError: ...", file=SERVER),
    ),
    Cause(
        "not_sent",
        "`talk` asks for a line once: there is no loop around that",
        "while line := await typed_line():",
        has("typed_line()", inside="talk"),
        unless(loops("typed_line()", inside="talk")),
        unless(has("talk(...)", inside="talk")),
    ),
    Cause(
        "not_printed",
        "nothing takes what the server sends",
        'answer = await connection.recv(), then print("the server says", answer)',
        lacks("_.recv", "async for _ in _: ...", "_.__anext__()", "anext(_)", file=CLIENT),
    ),
    Cause(
        "not_printed",
        "recv() is called but not awaited: what is printed is a coroutine",
        "answer = await connection.recv()",
        unawaited("_.recv()", file=CLIENT),
        saw("<coroutine object"),
    ),
    Cause(
        "empty_sent",
        "the line is sent before the loop looks at whether it is empty",
        "while line := await typed_line(): ends at an empty line, since it counts as false",
        ordered("_.send(_)", "if _: break", inside="talk"),
    ),
    Cause(
        "empty_sent never_ends",
        "nothing looks at whether the line is empty",
        "while line := await typed_line(): ends at an empty line, since it counts as false",
        has("while True: ...", inside="talk"),
        lacks(
            *("if _: ...", "match _:\n case _: ...", "break", "return"),
            *("_ if _ else _", "_ and _", "_ or _"),
            inside="talk",
        ),
    ),
    Cause(
        "no_pong",
        "input() stops the event loop until somebody types",
        "return await asyncio.to_thread(input)",
        has("input()", file=CLIENT),
        unless(has(*THREAD, file=CLIENT)),
    ),
]
