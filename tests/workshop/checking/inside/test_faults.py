"""What goes wrong in a program is told once, with the learner's line that explains it."""

import pytest

from tests.workshop.checking.conftest import Write
from tests.workshop.checking.mistakes import inside
from workshop.checking.lab import Lab, Ports
from workshop.checking.program import Program
from workshop.checking.stage import Stage
from workshop.checking.verdict import Trouble

HERE = "# here"  # marks the line that is to be told
SERVED = """
import asyncio, contextlib
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
{handler}
async def main():
    async with serve(handler, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{{port}}", proxy=None) as connection:
            with contextlib.suppress(Exception):  # the handler may have failed already
                await connection.send("hello")
            await asyncio.sleep(0.1)
    print("over")
asyncio.run(main())
"""
FAILS = "async def pick():\n    raise KeyError(7)  # here\ndef fail(*_):\n    return {}[7]  # also\n"
EVENTS = """
import netlib, msgspec, time
from typing import Annotated
{before}
events = netlib.Events()
{listen}
events.emit("joined", 7)
time.sleep(60)
"""
MESSAGE = """class Chat(netlib.Message, frozen=True):
    text: {}  # here
    by: Annotated[int, msgspec.Meta(gt=1)] = 7"""
DECODE = "events.on('read', msgspec.json.Decoder)\nevents.emit('read', Chat)"


def served(handler: str) -> str:
    """A server with a handler, and one client that says hello to it."""
    return SERVED.format(handler=handler)


async def ran(stage: Stage) -> Program:
    """The program, after it has told something, or has ended."""
    async with Lab(stage, Ports()).program("server") as program:
        await program.until(lambda: faults(program) or program.exit_code is not None, 10)
        if program.exit_code is not None:
            await program.ended()
    return program


def faults(program: Program) -> list[Trouble]:
    """What went wrong in it; that its loop stood still for a moment may be the machine's."""
    return [trouble for trouble in program.troubles if trouble.kind != "blocked"]


async def told(write: Write, source: str) -> Trouble:
    """The one trouble of a program, which must stand at the marked line."""
    (trouble,) = faults(await ran(write(server=source)))
    lines = [number for number, line in enumerate(source.splitlines(), 1) if HERE in line]
    assert trouble.place is not None
    assert [trouble.place.line] == lines
    return trouble


def task(main: str, where: str = "here") -> str:
    """A program with a coroutine and a callback that fail, of which one is marked; it goes on for long."""
    before = FAILS.replace("# here", "#").replace("# also", HERE) if where == "also" else FAILS
    return inside(f"{main}\nawait asyncio.sleep(60)", before)


ENDS = {
    "listener called": EVENTS.format(before="", listen='events.on("joined", print())  # here'),
    "at import": "import json\njson.loads('{')  # here\n",
    "syntax": "x = 1\nexec('x = = 1')  # here\n",
    "cancelled deep inside": inside(
        "clock = asyncio.create_task(tick())\nawait asyncio.sleep(0.05)\nclock.cancel()\nawait clock  # here",
        "async def tick():\n    while True:\n        await asyncio.sleep(0.01)",
    ),
    "a group": inside(
        "async with asyncio.TaskGroup() as group:\n    group.create_task(asyncio.wait_for(3, 1))\n"
        "    group.create_task(pick())",
        "async def pick():\n    return 1 / 0  # here",
    ),
    "a library's own error hides theirs": """
import contextlib
class Connection:
    def __enter__(self): return self
    def __exit__(self, *_): exec(compile("raise OSError('gone')", "library.py", "exec"))
with Connection():
    print(1 / 0)  # here
""",
    "the first of two": "try:\n    print(1 / 0)  # here\nfinally:\n    [].pop()\n",
    "the innermost of two": """
try:
    int("seven")
except ValueError:
    exec(compile("raise KeyError(1)", "library.py", "exec"))  # here
""",
    "raised in a library because of theirs": """
source = '''
def call(f):
    try: f()
    except Exception as error: raise OSError("gone") from error
'''
exec(compile(source, "library.py", "exec"))
def listener():
    print(1 / 0)  # here
call(listener)
""",
    "in a message class": "import msgspec\nclass Chat(msgspec.Struct):  # here\n    names: list = [1]\n",
}
GOES_ON = {
    "handler": served("async def handler(connection):\n    print(connection.path)  # here"),
    "handler with path": served("async def handler(connection, path):  # here\n    pass"),
    "recv twice": served("""
async def handler(connection):
    await asyncio.gather(*[hear(connection) for _ in range(2)])
async def hear(connection):
    await connection.recv()  # here
"""),
    "in the finally behind a connection's end": served("""
async def handler(connection):
    try:
        while True:
            await connection.recv()
    finally:
        print(conection)  # here
"""),
    "task kept": task("task = asyncio.create_task(pick())"),
    "task kept to the end": inside(
        "kept.append(asyncio.create_task(pick()))\nawait asyncio.sleep(0)", f"kept = []\n{FAILS}"
    ),
    "task collected": task("asyncio.create_task(pick())"),
    "task in a loop with a handler of its own": task(
        "asyncio.get_running_loop().set_exception_handler(print); asyncio.create_task(pick())"
    ),
    "future": task("asyncio.get_running_loop().run_in_executor(None, asyncio.run, pick())"),
    "call_soon": task("asyncio.get_running_loop().call_soon(fail)", "also"),
    "call_later": task("asyncio.get_running_loop().call_later(0.01, fail)", "also"),
    "done callback": task("asyncio.create_task(asyncio.sleep(0)).add_done_callback(fail)", "also"),
    "called too early": inside(
        "asyncio.get_running_loop().call_later(0.01, print())  # here\nawait asyncio.sleep(60)"
    ),
    "a limit for numbers": EVENTS.format(
        before=MESSAGE.format("Annotated[str, msgspec.Meta(ge=1)]"), listen=DECODE
    ),
    "a type that is not imported": "from __future__ import annotations"
    + EVENTS.format(before=MESSAGE.format("Anotated[str, 7]"), listen=DECODE),
    "a certificate of each client": """
import asyncio, ssl, trustme
async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.verify_mode = ssl.CERT_REQUIRED  # here
    trustme.CA().issue_cert("localhost").configure_cert(context)
    server = await asyncio.start_server(print, "127.0.0.1", 0, ssl=context)
    address = server.sockets[0].getsockname()
    await asyncio.open_connection(*address, ssl=ssl._create_unverified_context())
    await asyncio.sleep(60)
asyncio.run(main())
""",
    "thread": """
import threading, time
def work():
    return {}[7]  # here
threading.Thread(target=work).start()
time.sleep(60)
""",
    "del": """
import time
class Connection:
    def __del__(self): self.close()  # here
Connection()
time.sleep(60)
""",
    "listener": EVENTS.format(before="", listen='events.on("joined", lambda event: event.peer.nme)  # here'),
    "listener without arguments": EVENTS.format(
        before="class Room:\n    def joined(self): pass  # here", listen='events.on("joined", Room().joined)'
    ),
    "the same line again": EVENTS.format(
        before="", listen='events.on("joined", lambda key: {}[key])  # here\nevents.emit("joined", 8)'
    ),
}


@pytest.mark.parametrize("case", [*ENDS, *GOES_ON])
async def test_an_exception(stage: Write, case: str) -> None:
    """What ends a program, or a library catches, is told once, at their line, or the one that led there."""
    trouble = await told(stage, (ENDS | GOES_ON)[case])
    assert trouble.kind == ("crashed" if case in ENDS else "logged")
    assert trouble.name not in ("OSError", "ExceptionGroup")


async def test_a_forgotten_await(stage: Write) -> None:
    """A coroutine that was never awaited is found where it was made."""
    assert (await told(stage, inside("asyncio.sleep(1)  # here"))).kind == "warning"


NORMAL = {
    "exit": "import sys\nsys.exit(3)\n",
    "cancelled task": inside(
        "task = asyncio.create_task(asyncio.sleep(60))\nawait asyncio.sleep(0)\ntask.cancel()\n"
        "await asyncio.sleep(0.1)"
    ),
    "closed and caught": served("""
from websockets.exceptions import ConnectionClosed
async def handler(connection):
    try:
        while True:
            await connection.recv()
    except ConnectionClosed:
        print("gone")
"""),
    "asked for": inside(
        "try:\n    await asyncio.create_task(pick())\nexcept KeyError:\n    print('none')\n"
        "print(await asyncio.gather(pick(), return_exceptions=True))\nawait asyncio.sleep(0.5)",
        FAILS,
    ),
    "an old name": "import warnings\nwarnings.warn('old', DeprecationWarning)\n",
    "exit of a task": inside(
        "asyncio.create_task(leave())\nawait asyncio.sleep(60)", "async def leave():\n    raise SystemExit(3)"
    ),
}


@pytest.mark.parametrize("case", NORMAL)
async def test_no_trouble(stage: Write, case: str) -> None:
    """Ends that are no mistakes, exceptions that were asked for, and warnings of old names are not told."""
    assert faults(await ran(stage(server=NORMAL[case]))) == []


async def test_two_lines_that_may_have_led_there(stage: Write) -> None:
    """Where a library's lines alone are, and two of the learner's may have led there, none is named."""
    twice = """
import asyncio
async def main():
    asyncio.get_running_loop().call_soon(print())
    asyncio.get_running_loop().call_later(0, print())
    await asyncio.sleep(60)
asyncio.run(main())
"""
    (trouble,) = faults(await ran(stage(server=twice)))
    assert (trouble.name, trouble.place) == ("TypeError", None)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("import math; math.squareroot", ""),
        ("import math; math.sqr", "sqrt"),
        ("player = 1; print(plyer)", "player"),
        ("from math import sqr", "sqrt"),
    ],
)
async def test_a_name_that_was_meant(stage: Write, line: str, meant: str) -> None:
    """A name that is nearly another is told with that one, by every Python."""
    trouble = await told(stage, f"{line}  # here\n")
    assert trouble.message.endswith(f"Did you mean: '{meant}'?" if meant else trouble.message)
