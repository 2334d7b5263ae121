"""The walls of the layout: who may import whom, read from the source.

A new module in netlib must be given a layer here, and so a place in the reading order.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_NETLIB_FILE = 300  # lines

# Lower rows know nothing of higher ones. Within a row, modules may know each other.
LAYERS = {
    "values": {"errors", "messages", "codecs", "wire", "events"},
    "thinking": {
        "handshake", "session", "delivery", "backoff", "state", "quantise", "packing", "sync", "inputs",
        "prediction", "interpolation", "timing", "server_clock", "conditioner", "metrics", "beacon",
        "wirelog", "room_events",
    },
    "driving": {
        "transport", "sockets", "web", "acceptor", "peer", "dispatch", "dialling", "server", "client",
        "interfaces", "discovery", "loops", "delay", "mailbox", "reception", "network", "framing",
        "owner", "keepalive",
        "caller", "roster", "requests", "line", "conversation", "comeback", "presence", "ticker", "rights",
        "about",
    },
    "extra": {"extra", "testing", "threads", "recording"},
    "front": {"__init__"},
}  # fmt: skip
ORDER = list(LAYERS)
OUTSIDE = {  # what of the outer world each row may use, beyond the standard library
    "values": {"msgspec"},
    "thinking": {"msgspec"},
    "driving": {"msgspec", "websockets", "ifaddr"},
    "extra": {"msgspec", "websockets", "ifaddr"},
    "front": set[str](),
}
DRIVERS_ONLY = {"asyncio", "socket", "selectors", "ssl", "time", "threading", "select"}
NEVER = {"pickle", "marshal", "shelve"}


def imports(source: str, package: str = "netlib") -> Iterator[str]:
    """Yield the full name of each module that a source imports, also inside functions.

    `from netlib import state` counts as netlib.state; so does `from . import state`.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (above, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def layer_of(module: str) -> str | None:
    """Return the row of a module of netlib, by its name without the package."""
    return next((name for name, modules in LAYERS.items() if module in modules), None)


def trespasses(module: str, source: str) -> list[str]:
    """Return what a module of netlib imports and must not, each as a sentence."""
    layer = layer_of(module)
    if layer is None:
        return [f"netlib/{module}.py has no layer: put it into LAYERS of tests/test_walls.py"]
    found = {name for name in imports(source) if not is_allowed(layer, name)}
    return [f"netlib/{module}.py is in {layer!r} and must not import {name}" for name in sorted(found)]


def is_allowed(layer: str, imported: str) -> bool:
    """Return whether a module of this row may import that full name."""
    top, _, rest = imported.partition(".")
    if top == "netlib":
        other = layer_of(rest.partition(".")[0])
        return layer == "front" or other is None or ORDER.index(other) <= ORDER.index(layer)
    if top in NEVER or (top in DRIVERS_ONLY and layer in ("values", "thinking")):
        return False
    return top in sys.stdlib_module_names or top in OUTSIDE[layer]


SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "netlib").rglob("*.py"))}


def test_netlib_keeps_its_layers() -> None:
    """Each module of netlib has a layer, and imports only its own and lower ones."""
    found = []
    for path, source in SOURCES.items():
        found += trespasses(path.relative_to(ROOT / "netlib").with_suffix("").parts[0], source)
    assert not found, "\n".join(found)


def test_netlib_does_not_print() -> None:
    """netlib talks through events and logging, never to the terminal."""
    assert not [path.name for path, source in SOURCES.items() if prints(source)]


def prints(source: str) -> bool:
    """Return whether a source calls print."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in ast.walk(ast.parse(source))
    )


def test_netlib_files_are_short() -> None:
    """Each file of netlib is read in one sitting."""
    lengths = {path.name: len(source.splitlines()) for path, source in SOURCES.items()}
    assert not {name: lines for name, lines in lengths.items() if lines >= LONGEST_NETLIB_FILE}


def test_the_rules_of_the_game_are_pure() -> None:
    """world.py, which server and prediction share, and what it uses, know neither pygame nor the network."""
    found = reached_from("world", ROOT / "workshop" / "game")
    assert not {name for name in found if not may_rules_import(name)}


def reached_from(module: str, folder: Path) -> set[str]:
    """Return all that a module of workshop.game imports, also through its neighbours."""
    found: set[str] = set()
    waiting, seen = [module], {module}
    while waiting:
        names = set(imports((folder / f"{waiting.pop()}.py").read_text(encoding="utf-8"), "workshop.game"))
        found |= names
        near = {name.split(".")[2] for name in names if name.startswith("workshop.game.")} - seen
        waiting += [name for name in near if (folder / f"{name}.py").exists()]
        seen |= near
    return found


def may_rules_import(imported: str) -> bool:
    """Return whether the game's pure rules may import that full name."""
    top, _, rest = imported.partition(".")
    if top == "netlib":
        return layer_of(rest.partition(".")[0]) in ("values", "thinking")
    return top not in {"pygame", "websockets", *DRIVERS_ONLY}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state", "import asyncio"),
        ("state", "def late():\n    import time"),
        ("inputs", "from websockets import connect"),
        ("messages", "from netlib.state import Snapshot"),
        ("messages", "from netlib import state"),
        ("messages", "from . import session"),
        ("session", "from .transport import Link"),
        ("server", "from netlib.extra import threads"),
        ("client", "import pygame"),
        ("client", "from workshop.game import world"),
        ("client", "import pickle"),
        ("brand_new", ""),
    ],
)
def test_a_planted_trespass_is_found(module: str, source: str) -> None:
    """The check itself finds each kind of trespass."""
    assert len(trespasses(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state", "import math, msgspec\nfrom netlib.errors import NetlibError\nfrom netlib import timing"),
        ("server", "import asyncio, time\nimport websockets\nfrom netlib import loops, state"),
        ("extra", "import threading\nfrom netlib.server import Server"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    """The check leaves alone what the layers allow."""
    assert not trespasses(module, source)


def test_a_planted_print_and_a_planted_driver_are_found() -> None:
    """The checks on prints and on the game's rules can fail, too."""
    assert prints("def f():\n    print(1)") and not prints("def f():\n    self.print(1)")
    assert not may_rules_import("netlib.server.Server") and may_rules_import("netlib.inputs")
    assert not may_rules_import("netlib.Server"), "the front door imports the drivers"
