"""The walls of the layout: who may import whom, read from the source, also what is imported for types."""

import ast
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT
from tests.support.sources import circle, code_lines, imports, name_of

LONGEST_NETLIB_FILE = 250  # lines of code

TYPES_ONLY = "typing_extensions"  # every type checker has it, and no program needs it

# Each floor knows itself and those before it; a client and a server do not know each other.
FLOORS = (
    "errors", "arguments", "protocol", "events", "session", "state", "play",
    "transport", "discovery", "client", "server",
    "interest", "lag_compensation", "rooms",
    "", "threads", "testing", "recording",
)  # fmt: skip
STRANGERS = {"client", "server"}
THINKING = set(FLOORS[: FLOORS.index("transport")])  # without sockets and clocks
# Beyond the standard library, where there is only thinking, and elsewhere.
OUTSIDE = {"msgspec", TYPES_ONLY}, {"msgspec", "websockets", "ifaddr", TYPES_ONLY}
DRIVERS_ONLY = {"asyncio", "socket", "selectors", "ssl", "time", "threading", "select"}
NEVER = {"pickle", "marshal", "shelve"}


def floor_of(module: str) -> str | None:
    """Return the floor of a module, by its full name; None when netlib has none of that name."""
    first = module.removeprefix("netlib").lstrip(".").partition(".")[0]
    return first if first in FLOORS else "" if first[:1].isupper() or first in FRONT else None


def trespasses(module: str, source: str) -> list[str]:
    """Return what a module of netlib imports and must not, each as a sentence."""
    floor = floor_of(module)
    if floor is None:
        return [f"{module} has no floor: put it into FLOORS of tests/test_walls.py"]
    found = {name for name in imports(source, module.rpartition(".")[0]) if not is_allowed(floor, name)}
    return [f"{module} is in {floor!r} and must not import {name}" for name in sorted(found)]


def is_allowed(floor: str, imported: str) -> bool:
    """Return whether a module of this floor may import that full name."""
    top = imported.partition(".")[0]
    if top == "netlib":
        other = floor_of(imported)
        return (
            other is not None and FLOORS.index(other) <= FLOORS.index(floor) and {floor, other} != STRANGERS
        )
    if top in NEVER or (top in DRIVERS_ONLY and floor in THINKING):
        return False
    return top in sys.stdlib_module_names or top in OUTSIDE[floor not in THINKING]


SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "netlib").rglob("*.py"))}
MODULES = {name_of(path): source for path, source in SOURCES.items()}
FRONT = {name.rpartition(".")[2] for name in imports(MODULES["netlib"])}  # what the front door shows


def test_netlib_keeps_its_floors() -> None:
    """Each module of netlib has a floor, and imports only its own and those before it."""
    found = [sentence for module, source in MODULES.items() for sentence in trespasses(module, source)]
    assert not found, "\n".join(found)


def test_netlib_has_no_circle() -> None:
    """No module of netlib needs itself to be there first, not even for its types."""
    assert circle(MODULES, late=True) == []


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
    lengths = {module: code_lines(source) for module, source in MODULES.items()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_NETLIB_FILE}


def test_the_rules_of_the_game_are_pure() -> None:
    """world.py, which server and prediction share, and what it uses, know neither pygame nor the network."""
    found = reached_from("world", ROOT / "workshop" / "game" / "rules")
    assert not {name for name in found if not may_rules_import(name)}


def reached_from(module: str, folder: Path) -> set[str]:
    """Return all that a module of the rules imports, also through its neighbours."""
    found: set[str] = set()
    waiting, seen = [module], {module}
    while waiting:
        names = set(
            imports((folder / f"{waiting.pop()}.py").read_text(encoding="utf-8"), "workshop.game.rules")
        )
        found |= names
        near = {name.split(".")[3] for name in names if name.startswith("workshop.game.rules.")} - seen
        waiting += [name for name in near if (folder / f"{name}.py").exists()]
        seen |= near
    return found


def may_rules_import(imported: str) -> bool:
    """Return whether the game's pure rules may import that full name."""
    top = imported.partition(".")[0]
    if top == "netlib":
        return floor_of(imported) in THINKING
    return top not in {"pygame", "websockets", *DRIVERS_ONLY}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state.state", "import asyncio"),
        ("state.state", "def late():\n    import time"),
        ("play.inputs", "from websockets import connect"),
        ("protocol.messages", "from netlib.state.state import Snapshot"),
        ("protocol.messages", "from netlib import state"),
        ("protocol.messages", "from netlib import Server"),
        ("protocol.messages", "from .. import session"),
        ("protocol.messages", "if TYPE_CHECKING:\n    from netlib.session.sessions import Session"),
        ("session.sessions", "from ..transport import connection"),
        ("server.peer", "from netlib.client.client import Client"),
        ("client.dial", "from netlib.server import http"),
        ("server.server", "from netlib.threads import background"),
        ("client.client", "import pygame"),
        ("client.client", "from workshop.game import world"),
        ("client.client", "import pickle"),
        ("client.client", "from netlib.brand_new import thing"),
        ("brand_new", ""),
    ],
)
def test_a_planted_trespass_is_found(module: str, source: str) -> None:
    """The check itself finds each kind of trespass."""
    assert len(trespasses(f"netlib.{module}", source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("state.state", "import math, msgspec\nfrom netlib.errors import NetlibError\nfrom . import packing"),
        ("server.server", "import asyncio, time\nimport websockets\nfrom netlib.transport import loops"),
        ("server.about", "from netlib.discovery import beacon"),
        ("testing.network", "import threading, netlib\nfrom netlib import Server"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    """The check leaves alone what the floors allow."""
    assert not trespasses(f"netlib.{module}", source)


def test_a_planted_circle_is_found() -> None:
    """Two modules that know each other are a circle, also for types; three in a row are none."""
    types = "if TYPE_CHECKING:\n    from netlib.a import b"
    planted = {"netlib.a.b": "import netlib.a.c", "netlib.a.c": types}
    assert set(circle(planted, late=True)) == {"netlib.a.b", "netlib.a.c"}
    in_a_row = {"netlib.a": "import netlib.b", "netlib.b": "import netlib.c", "netlib.c": ""}
    assert not circle(in_a_row, late=True)


def test_a_planted_print_and_a_planted_driver_are_found() -> None:
    """The checks on prints and on the game's rules can fail, too."""
    assert prints("def f():\n    print(1)") and not prints("def f():\n    self.print(1)")
    assert not may_rules_import("netlib.server.server.Server") and may_rules_import("netlib.play.inputs")
    assert not may_rules_import("netlib.Server"), "the front door imports the drivers"
    assert code_lines('"""Words."""\n\n# more\nx = 1\n') == 1
