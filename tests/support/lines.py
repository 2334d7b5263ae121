"""The lines of code in the README's tables, and a stage on which each of them runs."""

import ast
import asyncio
import inspect
import re
import socket
import types
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any, NamedTuple, Self

import netlib
from netlib import threads
from netlib.discovery.discovery import Responder
from tests.support.processes import ROOT, wait_until_async
from tests.support.rooms import LOOPBACK, a_room, connection_of, url

SECTION = "## Coming from another library"
SHOWN = "_shown"  # the name under which a line's last value is kept


class Line(NamedTuple):
    """One row: which library has a feature, and the code that does it here."""

    library: str
    feature: str
    code: str


def lines() -> list[Line]:
    """Return every row of the README's "coming from" tables."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition(SECTION)[2].partition("\n## ")[0]
    return list(_rows(section))


def _rows(section: str) -> Iterator[Line]:
    library = ""
    for line in section.splitlines():
        if title := re.fullmatch(r"\*\*(.+)\*\*", line):
            library = title[1]
        elif line.startswith("|") and "---" not in line and line != "| there | here |":
            _, feature, code, rest = re.split(r"(?<!\\)\|", line)
            assert not rest.strip() and re.fullmatch(r" (`[^`]+`(<br>)?)+ ", code), line
            yield Line(library, feature.strip(), "\n".join(re.findall(r"`([^`]+)`", code)))


class Chat(netlib.Message, frozen=True):
    text: str
    sender: str = ""


class Turn(netlib.Message, frozen=True):
    cell: int


class Picture(netlib.Message, frozen=True):
    data: bytes


class Player(netlib.Entity, frozen=True):
    x: int = 0


UNTYPED = ("move", "note", "shout")


class Stage:
    """A room on loopback with Ada in it, who is its host, and the names that the lines use."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.ran = False
        self.exit = AsyncExitStack()
        self.server = a_room(first_is_host=True)
        for kind in (Chat, Turn, *UNTYPED):
            self.server.declare(kind)
        self.client: netlib.Client
        self.peer: netlib.Peer
        self.names: dict[str, Any] = {"__name__": "readme", "netlib": netlib, "threads": threads}

    async def __aenter__(self) -> Self:
        await self.exit.enter_async_context(self.server)
        self.client = await self.join("Ada")
        self.peer = self.server.peers[0]
        self.names |= {"Chat": Chat, "Turn": Turn, "Player": Player, "Picture": Picture}
        self.names |= {"server": self.server, "client": self.client, "peer": self.peer}
        self.names["address"] = url(self.server)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.exit.aclose()

    async def join(self, name: str, server: netlib.Server | None = None, **options: Any) -> netlib.Client:
        """Let somebody join; the stage's room, unless it is another."""
        given = {"messages": [Chat, Turn, Picture, *UNTYPED], "schema": {"players": Player}, **options}
        client = netlib.Client(url(server or self.server), name=name, **given)
        return await self.exit.enter_async_context(client)

    def heard(self, name: str, side: Any = None, *kinds: Any) -> list[Any]:
        """Give a name in the code to a listener, also of a side; return what it was called with."""
        calls: list[Any] = []
        self.names[name] = lambda *args: calls.append(args[0] if len(args) == 1 else args)
        for kind in kinds:
            side.on(kind, self.names[name])
        return calls

    async def run(self, **names: Any) -> Any:
        """Run the line here, in which these names have a meaning, too; return what its last one gives."""
        result = self._code(names)()
        if inspect.isawaitable(result):
            await result
        return self.names.get(SHOWN)

    async def run_in_thread(self, **names: Any) -> Any:
        """Run a line that may wait, while the room goes on here."""
        await asyncio.to_thread(self._code(names))
        return self.names.get(SHOWN)

    def run_here(self) -> Any:
        """Run a line that may wait, in the caller's thread."""
        self._code({})()
        return self.names.get(SHOWN)

    def _code(self, names: dict[str, Any]) -> types.FunctionType:
        self.ran = True
        self.names |= names
        tree = ast.parse(self.line.code.replace("port=8765", "port=0"))
        last = tree.body[-1]
        if isinstance(last, ast.Expr):
            tree.body[-1] = ast.Assign([ast.Name(SHOWN, ast.Store())], last.value)
        code = compile(
            ast.fix_missing_locations(tree),
            "README.md",
            "exec",
            flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
            dont_inherit=True,
        )
        return types.FunctionType(code, self.names)

    def closing(self, name: str) -> Any:
        """Return what the code has made under a name; it is closed at the end."""
        made = self.names[name]
        close = made.close if hasattr(made, "close") else made.stop

        async def end() -> None:
            found = close() if inspect.iscoroutinefunction(close) else await asyncio.to_thread(close)
            if inspect.isawaitable(found):
                await found

        self.exit.push_async_callback(end)
        return made

    def cut(self) -> None:
        """End Ada's connection without a word."""
        connection_of(self.peer).abort()


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    await wait_until_async(condition, "what the line promises")


def on_loopback(setting: Callable[[dict[str, Any], str, Any], None]) -> None:
    """Make the defaults of netlib those of a test: nothing leaves this machine, and every port is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        udp = probe.getsockname()[1]
    searching = {"ports": [udp], "interfaces": [LOOPBACK]}
    for function, defaults in (
        (netlib.Server.__init__, {"host": LOOPBACK, "port": 0, "discovery_ports": [udp]}),
        (netlib.Browser.__init__, {**searching, "interval": 0.1}),
        (netlib.find_rooms, searching),
        (Responder.__init__, {"host": LOOPBACK}),
    ):
        for name, value in defaults.items():
            setting(function.__kwdefaults__ or {}, name, value)
