"""What goes wrong in a program is told once, with the line of theirs that explains it."""

import pytest

from tests.workshop.checking.conftest import Write
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
TASK = """
import asyncio
async def pick():
    raise KeyError(7)  # here
async def main():
    {main}
    await asyncio.sleep(60)
asyncio.run(main())
"""
LOOP = """
import asyncio
async def main():
    {main}
    await asyncio.sleep(60)
def fail(*_):
    return {{}}[7]{mark}
asyncio.run(main())
"""


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


ENDS = {
    "at import": "import json\njson.loads('{')  # here\n",
    "syntax": "x = 1\nexec('x = = 1')  # here\n",
    "cancelled": """
import asyncio
async def main():
    task = asyncio.create_task(asyncio.sleep(60))
    task.cancel()
    await task  # here
asyncio.run(main())
""",
    "cancelled deep inside": """
import asyncio
async def tick():
    while True:
        await asyncio.sleep(0.01)
async def day():
    clock = asyncio.create_task(tick())
    await asyncio.sleep(0.05)
    clock.cancel()
    await clock  # here
asyncio.run(day())
""",
    "a group": """
import asyncio
async def pick():
    return 1 / 0  # here
async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.wait_for(3, 1))
        group.create_task(pick())
asyncio.run(main())
""",
    "a library's own error hides theirs": """
import contextlib
class Connection:
    def __enter__(self): return self
    def __exit__(self, *_): exec(compile("raise OSError('gone')", "library.py", "exec"))
with Connection():
    print(1 / 0)  # here
""",
    "the first of two": """
try:
    print(1 / 0)  # here
finally:
    [].pop()
""",
    "raised in a library because of theirs": """
import functools
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
    "in a message class": """
import msgspec
class Chat(msgspec.Struct):
    text: str = []
    names: list = [1]
""".replace("class Chat(msgspec.Struct):", "class Chat(msgspec.Struct):  # here"),
}


@pytest.mark.parametrize("case", ENDS)
async def test_an_exception_ends_the_program(stage: Write, case: str) -> None:
    """What ends the program is told at the innermost line of theirs, and first what a library's own hides."""
    trouble = await told(stage, ENDS[case])
    assert trouble.kind == "crashed"
    assert trouble.name not in ("OSError", "ExceptionGroup")


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
    "task kept": TASK.format(main="task = asyncio.create_task(pick())"),
    "task collected": TASK.format(main="asyncio.create_task(pick())"),
    "task in a loop with a handler of its own": TASK.format(
        main="asyncio.get_running_loop().set_exception_handler(print); asyncio.create_task(pick())"
    ),
    "future": TASK.format(main="asyncio.get_running_loop().run_in_executor(None, asyncio.run, pick())"),
    "call_soon": LOOP.format(main="asyncio.get_running_loop().call_soon(fail)", mark="  # here"),
    "call_later": LOOP.format(main="asyncio.get_running_loop().call_later(0.01, fail)", mark="  # here"),
    "done callback": LOOP.format(
        main="asyncio.create_task(asyncio.sleep(0)).add_done_callback(fail)", mark="  # here"
    ),
    "called too early": """
import asyncio
def beat():
    print("beat")
async def main():
    asyncio.get_running_loop().call_later(0.01, beat())  # here
    await asyncio.sleep(60)
asyncio.run(main())
""",
    "a limit for numbers": """
import netlib, msgspec, time
from typing import Annotated
class Chat(netlib.Message, frozen=True):
    text: Annotated[str, msgspec.Meta(ge=1)]  # here
    by: Annotated[int, msgspec.Meta(gt=1)] = 7
events = netlib.Events()
events.on("read", msgspec.json.Decoder)
events.emit("read", Chat)
time.sleep(60)
""",
    "a type that is not imported": """
from __future__ import annotations
import netlib, msgspec, time
class Chat(netlib.Message, frozen=True):
    text: Anotated[str, 7]  # here
events = netlib.Events()
events.on("read", msgspec.json.Decoder)
events.emit("read", Chat)
time.sleep(60)
""",
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
    "listener": """
import time, netlib
def joined(event):
    print(event.peer.nme)  # here
events = netlib.Events()
events.on("joined", joined)
events.emit("joined", 7)
time.sleep(60)
""",
    "listener without arguments": """
import time, netlib
class Room:
    def joined(self):  # here
        print("joined")
events = netlib.Events()
events.on("joined", Room().joined)
events.emit("joined", 7)
time.sleep(60)
""",
    "listener called": """
import time, netlib
def joined(event=None):
    print("joined", event)
events = netlib.Events()
events.on("joined", joined())  # here
events.emit("joined", 7)
time.sleep(60)
""",
}


@pytest.mark.parametrize("case", GOES_ON)
async def test_a_library_catches_an_exception(stage: Write, case: str) -> None:
    """What a loop, a thread or a library catches is told at their line, or at the one that led there."""
    assert (await told(stage, GOES_ON[case])).kind == "logged"


NORMAL = {
    "exit": "import sys\nsys.exit(3)\n",
    "cancelled task": """
import asyncio
async def main():
    task = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0.1)
asyncio.run(main())
""",
    "closed and caught": served("""
from websockets.exceptions import ConnectionClosed
async def handler(connection):
    try:
        while True:
            await connection.recv()
    except ConnectionClosed:
        print("gone")
"""),
    "asked for": """
import asyncio
async def pick():
    raise KeyError(7)
async def main():
    task = asyncio.create_task(pick())
    try:
        await task
    except KeyError:
        print("none")
    print(await asyncio.gather(pick(), return_exceptions=True))
    await asyncio.sleep(0.5)
asyncio.run(main())
""",
    "an old name": "import warnings\nwarnings.warn('old', DeprecationWarning)\n",
    "exit of a task": """
import asyncio, sys
async def leave():
    sys.exit(3)
async def main():
    asyncio.create_task(leave())
    await asyncio.sleep(60)
asyncio.run(main())
""",
}


@pytest.mark.parametrize("case", NORMAL)
async def test_no_trouble(stage: Write, case: str) -> None:
    """Ends that are no mistakes, exceptions that were asked for, and warnings of old names are not told."""
    assert faults(await ran(stage(server=NORMAL[case]))) == []


async def test_the_innermost_of_two(stage: Write) -> None:
    """An exception while another one is handled is told, and not the one that was handled."""
    source = """
try:
    int("seven")
except ValueError:
    exec(compile("raise KeyError(1)", "library.py", "exec"))  # here
"""
    assert (await told(stage, source)).name == "KeyError"


async def test_two_lines_that_may_have_led_there(stage: Write) -> None:
    """Where a library's lines alone are, and two lines of theirs may have led there, none is named."""
    source = (
        GOES_ON["listener called"]
        .replace(HERE, "")
        .replace("events.emit", "events.on(7, joined())\nevents.emit")
    )
    (trouble,) = faults(await ran(stage(server=source)))
    assert trouble.name == "TypeError"
    assert trouble.place is None


async def test_a_task_at_the_end(stage: Write) -> None:
    """A failed task that is kept to the program's end is told then."""
    source = """
import asyncio
kept = []
async def pick():
    raise KeyError(7)  # here
async def main():
    kept.append(asyncio.create_task(pick()))
    await asyncio.sleep(0)
asyncio.run(main())
"""
    assert (await told(stage, source)).name == "KeyError"


async def test_the_same_line_again(stage: Write) -> None:
    """What fails again and again at a line is told once."""
    source = """
import netlib
events = netlib.Events()
events.on("tick", lambda tick: {}[tick])  # here
for tick in range(100):
    events.emit("tick", tick)
"""
    assert (await told(stage, source)).message == "0"


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
