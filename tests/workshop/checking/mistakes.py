"""Programs that raise what learners meet; run as a program, it prints what each of them raised, as JSON."""

import gc
import logging
import os
import sys
import tempfile
import textwrap
import types
import warnings
from pathlib import Path
from typing import Any

import msgspec

from workshop.checking.inside.origin import message, name, origin, trail
from workshop.checking.inside.theirs import Theirs
from workshop.checking.verdict import Trouble


def inside(body: str, before: str = "") -> str:
    """A program that runs this in a coroutine."""
    return (
        f"import asyncio\n{before}\nasync def main():\n{textwrap.indent(body, '    ')}\nasyncio.run(main())\n"
    )


def talk(client: str, handler: str = "await c.wait_closed()") -> str:
    """A program with a server of websockets, its handler, and one client."""
    body = (
        'async with serve(handler, "127.0.0.1", 0) as s, connect(f"ws://127.0.0.1:{s.sockets[0].getsockname()[1]}",'
        f" proxy=None) as c:\n{textwrap.indent(client, '    ')}"
    )
    return inside(body, f"{WEBSOCKETS}\nasync def handler(c):\n{textwrap.indent(handler, '    ')}\n")


def tls(client: str, server: str) -> str:
    """A program in which a client and a server shake hands, each with a context of its own."""
    body = (
        f"ca = trustme.CA()\ncert = ca.issue_cert('localhost')\n{client}\n{server}\n"
        "s = await asyncio.start_server(lambda r, w: w.write(b'hello'), 'localhost', 0, ssl=server)\n"
        "await asyncio.open_connection('localhost', s.sockets[0].getsockname()[1], ssl=client)"
    )
    return inside(body, "import ssl, trustme")


WEBSOCKETS = (
    "from websockets.asyncio.client import connect\nfrom websockets.asyncio.server import serve, broadcast"
)
UDP = "import socket\ns = socket.socket(type=socket.SOCK_DGRAM)\n"
CHAT = "import msgspec\nclass Chat(msgspec.Struct, frozen=True):\n    text: str\n"
ROOM = "import netlib\nclass Chat(netlib.Message, frozen=True):\n    text: str\nroom = netlib.Server('r')\n"
META = """import msgspec
from typing import Annotated
class Chat(msgspec.Struct):
    text: Annotated[{}]
msgspec.json.Decoder(Chat)
"""
KEY = "cert.private_key_pem.write_to_path('key')\nca.cert_pem.write_to_path('ca')\nc = ssl.SSLContext()"
PYGAME = "import pygame\npygame.init()\nsurface = pygame.display.set_mode((9, 9))\n"
TRUSTED = "server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\ncert.configure_cert(server)"
TRUSTING = "client = ssl.create_default_context()\nca.configure_trust(client)"
DEMANDING = """
import contextlib, socket, ssl, threading, trustme
ours, other = socket.socketpair()
context, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl._create_unverified_context()
context.verify_mode = ssl.CERT_REQUIRED
trustme.CA().issue_cert("localhost").configure_cert(context)
def connect():
    with contextlib.suppress(OSError):
        client.wrap_socket(other).recv(1)
threading.Thread(target=connect).start()
context.wrap_socket(ours, server_side=True)
"""
CIRCLE = """
import sys
from pathlib import Path
folder = Path(__file__).parent
(folder / "one.py").write_text("from two import b\\na = 1")
(folder / "two.py").write_text("from one import a\\nb = 1")
sys.path.insert(0, str(folder))
import one
"""

# What must be said of it, and the program.
MISTAKES: list[tuple[str, str]] = [
    ("time.sleep has already stopped", inside("await time.sleep(0)", "import time")),
    ("got None, as an ordinary function", inside("await print()")),
    ("got a list of things", inside("await [1]")),
    ("without brackets it is named", inside("await asyncio.sleep")),
    ("has a yield", inside("await f()", "async def f():\n    yield 1")),
    ("has a yield", inside("for x in f(): pass", "async def f():\n    yield 1")),
    ("got an int", inside("await 3")),
    ("what is in dig did not run", inside("dig()", "async def dig(): pass")),
    ("would start another one", inside("asyncio.run(asyncio.sleep(0))")),
    ("nobody can start one", inside("asyncio.get_running_loop().run_until_complete(asyncio.sleep(0))")),
    ("nobody can start one", inside("asyncio.new_event_loop().run_until_complete(asyncio.sleep(0))")),
    ("none runs in this thread", "import asyncio\nasyncio.create_task(asyncio.sleep(0))"),
    ("none runs in this thread", "import asyncio\nasyncio.set_event_loop(None)\nasyncio.get_event_loop()"),
    ("loop is closed", "import asyncio\nx = asyncio.new_event_loop()\nx.close()\nx.call_soon(print)"),
    ("another event loop", inside("await f", "f = asyncio.new_event_loop().create_future()")),
    ("before there is one", inside("asyncio.create_task(asyncio.sleep(0)).result()")),
    ("its result once", inside("f = asyncio.Future()\nf.set_result(1)\nf.set_result(1)")),
    ("since Python 3.11", inside("await asyncio.wait([asyncio.sleep(0)])")),
    ("got one Task", inside("await asyncio.wait(asyncio.create_task(asyncio.sleep(0)))")),
    ("here it got a list", inside("await asyncio.gather([asyncio.sleep(0)])")),
    ("main is the function itself", inside("asyncio.create_task(main)")),
    ("None was given", inside("asyncio.create_task(print())")),
    ("not what asyncio can wait for", inside("asyncio.create_task(asyncio.create_task(asyncio.sleep(0)))")),
    ("not what asyncio can wait for", inside("await asyncio.gather(None)")),
    ("has no cancel", inside("asyncio.sleep(0).cancel()")),
    *[
        ("a coroutine stands where", inside(line, "import json, math"))
        for line in (
            "asyncio.sleep(0).text",
            "for x in asyncio.sleep(0): pass",
            "a, b = asyncio.sleep(0)",
            "asyncio.sleep(0)['x']",
            "'x' + asyncio.sleep(0)",
            "1 < asyncio.sleep(0)",
            "len(asyncio.sleep(0))",
            "json.dumps(asyncio.sleep(0))",
            "math.hypot(asyncio.sleep(0), 1)",
            "async with asyncio.sleep(0): pass",
            "async for x in asyncio.sleep(0): pass",
        )
    ],
    ("it brings", inside("asyncio.create_task(asyncio.sleep(0))['x']")),
    ("it brings", inside("len(asyncio.gather(asyncio.sleep(0)))")),
    ("it brings", inside("asyncio.create_task(asyncio.sleep(0)).text")),
    ("as if it were its result", inside("for x in asyncio.gather(asyncio.sleep(0)): pass")),
    ("go through a list", inside("async for x in [1]: pass")),
    ("async with cannot enter a lock", inside("async with threading.Lock(): pass", "import threading")),
    ("with cannot enter a TaskGroup", inside("with asyncio.TaskGroup(): pass")),
    ("CancelledError", inside("x = asyncio.create_task(asyncio.sleep(1))\nx.cancel()\nawait x")),
    ("was over", inside("await asyncio.wait_for(asyncio.sleep(1), 0)")),
    ("there is none", "next(iter([]))"),
    ("there is none", inside("await anext(f())", "async def f():\n    if False: yield")),
    ("runs once", inside("x = asyncio.sleep(0)\nawait x\nawait x")),
    ("does not wait", f"{UDP}s.bind(('127.0.0.1', 0))\ns.setblocking(False)\ns.recv(9)"),
    ("from older versions", "async def echo(connection, path): pass\nlibrary_calls = echo, 1"),
    ("needs an object", "class Room:\n    def tell(self): pass\nRoom.tell()"),
    ("to be called later", "def on(key, f): pass\ndef tell(event): pass\non('joined', tell())"),
    ("dig was called without 'speed'", "def dig(miner, speed): pass\ndig(1)"),
    ("dig was called without 'miner' and 'speed'", "def dig(miner, speed): pass\nlibrary_calls = (dig,)"),
    ("called without 'speed'", "def dig(*, speed): pass\ndig()"),
    ("the def of Room.tell", "class Room:\n    def tell(): pass\nRoom().tell()"),
    ("dig takes 1, and was called with 2", "def dig(miner): pass\ndig(1, 2)"),
    ("dig takes from 1 to 2, and was called with 3", "def dig(miner, x=1): pass\ndig(1, 2, 3)"),
    (
        "handed it on to asyncio",
        inside("await connect('ws://x:1', extra_headers={}, proxy=None)", WEBSOCKETS),
    ),
    ("dig has no parameter speed", "def dig(miner): pass\ndig(speed=1)"),
    ("dig got miner twice", "def dig(miner): pass\ndig(1, miner=1)"),
    ("has no __init__", "class Player:\n    def _init_(self, x): pass\nPlayer(1)"),
    ("has no field txt", f"{CHAT}Chat(txt='')"),
    ("has no field txt", f"{CHAT}msgspec.structs.replace(Chat(''), txt='')"),
    ("text has no default", f"{CHAT}Chat()"),
    ("handed over in its place", "def on(key, f): f()\non('joined', print())"),
    ("is None, and no function", "x = None\nx()"),
    ("that is an int", "x = 3\nx()"),
    ("a variable of the function alone", "x = 1\ndef f():\n    x += 1\nf()"),
    ("has no self", "def f(): self.x = 1\nf()"),
    ("ConnectionClosed is not imported", "try: 1 / 0\nexcept ConnectionClosed: pass"),
    ("the module asyncio is not imported", "asyncio.run"),
    ("nearest name is player", "player = 1\nprint(plyer)"),
    ("there is no zebra here", "zebra"),
    ("has not got as far as a yet", CIRCLE),
    ("nearest name in it is sqrt", "from math import sqr"),
    ("there is no zebra in math", "from math import zebra"),
    ("no module zebra", "import zebra"),
    ("a Chat is frozen", f"{CHAT}Chat('a').text = 'b'"),
    ("before .send is None", "None.send"),
    ("is the function itself", "def tick(): pass\ntick.cancel()"),
    ("is the function itself", "'x'.upper.lower()"),
    ("older versions of websockets", talk("c.open")),
    ("older versions of websockets", talk("c.path")),
    ("a text already", "'x'.decode()"),
    ("is a dictionary", "d = {'text': 1}\nd.text"),
    ("nearest name is text", f"{CHAT}Chat('a').txt"),
    ("nearest name is choice", "import random\nrandom.choise"),
    ("there is no x in float", "(1.0).x"),
    ("remove takes out", "s = set()\ns.remove(object())"),
    ("has no key '1', the text", "d = {1: 2}\nd['1']"),
    ("has no key 1, the number", "d = {'1': 2}\nd[1]"),
    ("has no key 'dots'", "d = {'1': 2}\nd['dots']"),
    ("before [ ] is None", "None['x']"),
    ("is a function, and no list", "print[0]"),
    ("a Chat is an object", f"{CHAT}Chat('a')['text']"),
    ("a Chat is an object", f"{CHAT}Chat('a')['text'] = 'b'"),
    ("is a text, and no dictionary", "'abc'['x']"),
    ("is a list, and no dictionary", "[1]['x']"),
    ("a float was given", "[1][0.5]"),
    ("a float was given", "range(2.5)"),
    *[
        ("one of the values here is None", line)
        for line in (
            "1 - None",
            "'a' + None",
            "None > 1.0",
            "f'{None:.2f}'",
            "int(None)",
            "import math; math.sqrt(None)",
        )
    ],
    ("put a text and something else", "'a' + 1"),
    ("put a text and something else", "1 + 'a'"),
    ("- does not work between a tuple and an int", "(1, 2) - 1"),
    ("a whole number of times", "(1, 2) * 1.5"),
    ("< cannot compare a dict with a dict", "sorted([{}, {}])"),
    ("a tuple was given", "import math; math.hypot((1, 2))"),
    ("of the text 'abc'", "int('abc')"),
    ("of the text 'abc'", "float('abc')"),
    *[
        ("and None was given", line)
        for line in ("for x in None: pass", "a, b = None", "'a' in None", "print(*None)")
    ],
    ("and x is None here", "set(None)"),
    ("set(x) makes a set", "set(3)"),
    ("bit by bit", talk("for x in c: pass")),
    ("a float is one alone", "for x in 1.0: pass"),
    ("an int is one alone", "a, b = 1"),
    ("an int is one alone", "'a' in 1"),
    ("does not consist of pairs", "d = {'dots': 2}\nfor k, v in d: pass"),
    ("2 names wait", "a, b = 1, 2, 3"),
    ("2 names wait", "a, b = [1]"),
    ("while the loop goes through it", "d = {1: 2}\nfor x in d: d[x + 1] = 1"),
    ("while the loop goes through it", "s = {1, 2}\nfor x in s: s.remove(x)"),
    ("while the loop goes through it", "from collections import deque\nd = deque([1])\nfor x in d: d.pop()"),
    ("is not in it", "[].remove(1)"),
    ("is not in it", "import collections\ncollections.deque().remove(1)"),
    ("nothing in it", "[].pop()"),
    ("nothing in it", "import collections\ncollections.deque().popleft()"),
    ("the list has no element", "[1][5]"),
    ("max(…) has nothing", "max([])"),
    ("divided by 0", "1 / 0"),
    ("calls itself", "def f(): f()\nf()"),
    ("a list can be neither", "d = {}\nd[[1]] = 1"),
    (
        "text has no default, and",
        "from msgspec import Struct\nclass A(Struct):\n    by: int = 0\n    text: str",
    ),
    ("between double quotes", "import json\njson.loads(\"{'a': 1}\")"),
    ("not one piece of JSON", "import json\njson.loads('hello')"),
    ("not one piece of JSON", "import msgspec\nmsgspec.json.decode(b'{')"),
    ("here it got a dict", "import json\njson.loads({})"),
    ("a set in it", "import json\njson.dumps({1})"),
    ("an object in it", "import msgspec\nmsgspec.json.encode(object())"),
    ("keys of a dictionary are texts", "import json\njson.dumps({(1, 2): 3})"),
    ("type str is wanted, and int came", f"{CHAT}msgspec.json.decode(b'{{\"text\": 1}}', type=Chat)"),
    ("what came has no text", f"{CHAT}msgspec.json.decode(b'{{}}', type=Chat)"),
    ("not as its type says", "import msgspec, typing\nmsgspec.convert('x', typing.Literal['a'])"),
    ("ge limits numbers", META.format("str, msgspec.Meta(ge=1)")),
    ("min_length limits the length", META.format("int, msgspec.Meta(min_length=1)")),
    ("a function that is called here gives None", "import netlib\nnetlib.Events().on('x', print())"),
    ("a listener of Chat is called with (peer, message)", f"{ROOM}room.on(Chat, lambda message: None)"),
    ("but= is no option", f"{ROOM}room.broadcast(Chat('hi'), but=1)"),
    ("a field of Chat is not what its class says", f"{ROOM}room.broadcast(Chat(3))"),
    ("wants the connections first", talk("broadcast('x', {c})")),
    ("sends a text or bytes", talk("await c.send(None)")),
    ("sends a text or bytes", talk("await c.send({'a': 1})")),
    ("with a goodbye", talk("await c.recv()", "pass")),
    ("an error of its own", talk("await c.recv()", "1 / 0")),
    ("without a goodbye", talk("async for x in c: pass", "c.transport.abort()")),
    ("call recv on one connection", talk("await asyncio.gather(c.recv(), c.recv())")),
    ("localhost:8765 is not an address", inside("await connect('localhost:8765')", WEBSOCKETS)),
    (
        "accepts no WebSocket",
        inside(
            "s = await asyncio.start_server(lambda r, w: w.close(), '127.0.0.1', 0)\n"
            "await connect(f'ws://127.0.0.1:{s.sockets[0].getsockname()[1]}', proxy=None)",
            WEBSOCKETS,
        ),
    ),
    ("nothing is listening", inside("await connect('ws://127.0.0.1:1', proxy=None)", WEBSOCKETS)),
    (
        "in use already",
        "import socket\ns = socket.create_server(('', 0))\nsocket.socket().bind(s.getsockname())",
    ),
    ("no such address", "import socket\nsocket.socket().bind(('192.0.2.1', 0))"),
    ("no computer of that name", "import socket\nsocket.create_connection(('localhost', 'port'))"),
    ("bytes are wanted", "b'a' + 'b'"),
    ("bytes are wanted", f"{UDP}s.sendto('a', ('127.0.0.1', 9))"),
    ("no text in that encoding", "b'\\xff'.decode()"),
    ("in the file where it is looked for", tls(KEY, "c.load_cert_chain('key', 'key')")),
    ("is not the one that belongs", tls(KEY, "c.load_cert_chain('ca', 'key')")),
    ("another name or address", tls(TRUSTING, TRUSTED.replace("cert.", "ca.issue_cert('elsewhere').", 1))),
    ("does not accept the certificate of the other: ", tls("client = ssl.create_default_context()", TRUSTED)),
    ("plain text", tls(TRUSTING, "server = None")),
    ("a client needs one", tls("client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)", "server = None")),
    ("demands a certificate of its clients", DEMANDING),
    ("no such file", "open('nosuch')"),
    ("not ready for that", f"{PYGAME}pygame.quit()\nsurface.fill('red')"),
    ("not ready for that", f"{PYGAME}pygame.quit()\npygame.event.get()"),
    ("not ready for that", "import pygame\npygame.font.Font(None, 9)"),
    ("no window yet", "import pygame\npygame.quit()\npygame.init()\npygame.display.flip()"),
    ("center is a place", f"{PYGAME}pygame.draw.circle(surface, 'red', 5, 5)"),
    ("knows colours", f"{PYGAME}surface.fill('redd')"),
    ("side by side", "if 0: [(1, 2) (3, 4)]"),
    ("one and the same object", "1 is 1"),
    ("whether a tuple is empty", "assert (1, 2)"),
    ("await may stand only", "def f():\n    await x"),
    ("the bracket ( is opened", "print(1"),
    ("begun with a quote", "x = 'a"),
    ("ends with a colon", "if 1\n    pass"),
    ("with nothing in between", "[1 2]"),
    ("compares nothing", "if x = 1: pass"),
    ("the colon of line 1 (", "if 1:\npass"),
    ("further right, or less far", "x = 1\n  y = 2"),
]


def raised(program: str, folder: Path) -> Trouble | None:
    """What a program of one file raises, or warns of."""
    file, theirs = folder / f"mistake{len(list(folder.iterdir()))}.py", Theirs(folder)
    file.write_text(program, encoding="utf-8")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            run(program, file)
        except BaseException as error:
            error = origin(error, theirs)
            places = trail(error, theirs)
            return Trouble("crashed", name(error), message(error), places[-1] if places else None)
        gc.collect()
    told = [each for each in warned if issubclass(each.category, RuntimeWarning | SyntaxWarning)]
    return Trouble("warning", told[0].category.__name__, str(told[0].message)) if told else None


def run(program: str, file: Path) -> None:
    """Run it as a module; then call, from a library's line, what it wants to be called."""
    module = sys.modules[file.stem] = types.ModuleType(file.stem)
    module.__file__ = str(file)
    exec(compile(program, str(file), "exec"), module.__dict__)
    calls: tuple[Any, ...] = getattr(module, "library_calls", ())
    if calls:
        calls[0](*calls[1:])


def main() -> None:
    """Print the trouble of every mistake."""
    os.environ |= {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy", "PYGAME_HIDE_SUPPORT_PROMPT": "1"}
    logging.disable()
    sys.unraisablehook = lambda _: None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        stage = Path(folder, "stage")
        stage.mkdir()
        troubles = [raised(program, stage) for _, program in MISTAKES]
        os.chdir("/")
    print(msgspec.json.encode(troubles).decode())


if __name__ == "__main__":
    main()
