"""The lines of code in the README's tables, and a stage on which each of them runs, as it stands."""

import ast
import asyncio
import inspect
import re
import socket
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, NamedTuple, Self

import netlib
from netlib.discovery.discovery import Responder
from tests.support.processes import ROOT, wait_until_async
from tests.support.rooms import LOOPBACK, connection_of, url

SECTION = "## Coming from another library"
SHOWN = "_shown"  # the name under which a line's last value is kept
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


class Line(NamedTuple):
    """One row: which library has a feature, and the code that does it here."""

    library: str
    feature: str
    code: str


def programs(readme: str | None = None) -> dict[str, str]:
    """Return the README's programs by the name of the file that it gives each."""
    text = readme or (ROOT / "README.md").read_text(encoding="utf-8")
    parts = BLOCK.split(text)  # words and blocks in turn
    names = [re.findall(r"`(\w+\.py)`", before) for before in parts[::2]]
    pairs = [(found[-1], code) for found, code in zip(names, parts[1::2], strict=False) if found]
    return {name: code for name, code in pairs if "__main__" in code or "netlib.run(" in code}


def save_programs(folder: Path) -> Path:
    """Write the README's programs into a folder, which is returned."""
    for name, code in programs().items():
        (folder / name).write_text(code, encoding="utf-8")
    return folder


def tables() -> dict[str, str]:
    """Return each library's table with the lines above it."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition(SECTION)[2].partition("\n## ")[0]
    parts = re.split(r"^\*\*(.+)\*\*$", section, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def lines() -> list[Line]:
    """Return every row of the README's "coming from" tables."""
    return [line for library, table in tables().items() for line in _rows(library, table)]


def _rows(library: str, table: str) -> Iterator[Line]:
    for line in BLOCK.sub("", table).splitlines():
        if line.startswith("|") and "---" not in line and line != "| there | here |":
            _, feature, code, rest = re.split(r"(?<!\\)\|", line)
            assert not rest.strip() and re.fullmatch(r" (`[^`]+`(<br>)?)+ ", code), line
            yield Line(library, feature.strip(), "\n".join(re.findall(r"`([^`]+)`", code)))


def compiled(text: str, names: dict[str, Any], *, awaits: bool = True) -> types.FunctionType:
    """Return what runs code of the README, among these names; what its last line gives is in them, then."""
    tree = ast.parse(text)
    if isinstance(last := tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name(SHOWN, ast.Store())], last.value)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if awaits else 0
    code = compile(ast.fix_missing_locations(tree), "README.md", "exec", flags=flags, dont_inherit=True)
    return types.FunctionType(code, names)


class Stage:
    """Somebody who types the lines above a table, and then a row of it.

    Attributes:
        names: what the names in the lines mean.
        printed: what `print` was given, call by call.
        server, room: the server of the lines above; and the `netlib.Server` that it is, or that is in it.
    """

    def __init__(self, line: Line) -> None:
        self.line = line
        self.ran = False
        self.exit = AsyncExitStack()
        self.printed: list[tuple[Any, ...]] = []
        self.names: dict[str, Any] = {"__name__": "readme", "print": lambda *args: self.printed.append(args)}
        self.server: Any
        self.client: Any
        self.room: netlib.Server

    async def __aenter__(self) -> Self:
        above = BLOCK.search(tables()[self.line.library])
        assert above, f"no lines above the table of {self.line.library}"
        self._in_threads = "BackgroundServer" in above[1]
        await self._type(above[1])
        for name in ("server", "client"):
            self.closing(name)
        self.server, self.client = self.names["server"], self.names["client"]
        self.room = self.server.server if self._in_threads else self.server
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.exit.aclose()

    @property
    def peer(self) -> netlib.Peer:
        """The player of the lines above."""
        return self.names.get("peer") or self.room.peers[0]

    async def join(self, name: str, room: netlib.Server | None = None, **options: Any) -> netlib.Client:
        """Let somebody join; the room of the lines above, unless it is another."""
        given = {"messages": [self.names["Chat"], "move", "shout"], **options}
        client = netlib.Client(url(room or self.room), name=name, **given)
        return await self.exit.enter_async_context(client)

    async def run(self) -> Any:
        """Type the row, and return what its last line gives."""
        self.ran = True
        return await self._type(self.line.code)

    async def row(self, feature: str) -> None:
        """Type another row of the same table, which comes before."""
        await self._type(next(line.code for line in lines() if line[:2] == (self.line.library, feature)))

    async def _type(self, code: str) -> Any:
        self.names.pop(SHOWN, None)
        typed = compiled(code, self.names, awaits=not self._in_threads)
        result = await asyncio.to_thread(typed) if self._in_threads else typed()
        if inspect.isawaitable(result):
            await result
        return self.names.get(SHOWN)

    def closing(self, name: str) -> Any:
        """Return what the lines have made under a name; it is closed at the end."""
        made = self.names[name]
        close = made.close if hasattr(made, "close") else made.stop

        async def end() -> None:
            found = close() if inspect.iscoroutinefunction(close) else await asyncio.to_thread(close)
            if inspect.isawaitable(found):
                await found

        self.exit.push_async_callback(end)
        return made

    def cut(self, peer: netlib.Peer | None = None) -> None:
        """End a player's connection without a word; that of the lines above, unless it is another's."""
        self.room_call(lambda: connection_of(peer or self.peer).abort())

    def room_call(self, function: Callable[[], object]) -> None:
        """Call a function where the room runs."""
        if self._in_threads:
            self.server.call(function)
        else:
            function()


async def until(condition: Callable[[], object]) -> None:
    """Wait until a condition holds."""
    await wait_until_async(condition, "what the line promises")


def from_folder(folder: Path, prepend: Callable[[str], None]) -> None:
    """Let the README's programs be imported, as from the folder in which somebody has saved them."""
    prepend(str(save_programs(folder)))
    for name in programs():
        sys.modules.pop(name.removesuffix(".py"), None)


def on_loopback(setting: Callable[[dict[str, Any], str, Any], None]) -> None:
    """Let nothing leave this machine, and nobody else's search find us."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        udp = probe.getsockname()[1]
    searching = {"ports": [udp], "interfaces": [LOOPBACK]}
    for function, defaults in (
        (netlib.Server.__init__, {"host": LOOPBACK, "discovery_ports": [udp]}),
        (netlib.Browser.__init__, {**searching, "interval": 0.1}),
        (netlib.find_rooms, searching),
        (Responder.__init__, {"host": LOOPBACK}),
    ):
        for name, value in defaults.items():
            setting(inspect.unwrap(function).__kwdefaults__, name, value)
