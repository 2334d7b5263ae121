"""The files of board, desk and play, and the data that they load, as small pages on the game's port."""

import io
from collections.abc import Callable
from pathlib import Path

import segno

import netlib
from netlib.server.http import Page, json_page
from netlib.transport.conditioner import PERFECT, PRESETS, LinkConditions
from workshop.game.rules.maps import Map
from workshop.instructor.board.addresses import Addresses
from workshop.instructor.board.facts import LIMITS, map_as_json, wire_as_json
from workshop.instructor.board.quality import conditions_in_words
from workshop.instructor.board.screen import step_words
from workshop.steps import all_steps

STATIC = Path(__file__).parent / "static"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Scripts and styles must be our own files; nothing that a user types can become one.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SAFE = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
PYTHONS = {"Windows": "py", "macOS": "python3", "Linux": "python3"}  # what starts Python there
CHOICES = {"off": PERFECT, "250 ms": LinkConditions(0.25)} | PRESETS  # of the network, at the desk

Make = Callable[[], Page]


def board_pages(server: netlib.Server, map: Map, addresses: Addresses, *, slides: bool) -> dict[str, Make]:
    """The pages of a room, by path.

    Args:
        map: the map of the game.
        addresses: where the room is reached.
        slides: whether there are slides to link to.
    """
    pages: dict[str, Make] = {f"/board/{name}": _kept(static(name)) for name in static_files()}
    pages["/"] = pages["/board/board.html"]
    pages["/desk"] = pages["/board/desk.html"]
    pages["/play"] = pages["/board/play.html"]
    pages["/map.json"] = _kept(json_page(map_as_json(map)))
    pages["/room.json"] = lambda: json_page(about(server, addresses, slides=slides))
    pages["/qr.svg"] = lambda: qr_code(addresses.game)
    return pages


def static_files() -> list[str]:
    """The paths of the board's files, below `STATIC`."""
    return sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.*"))


def static(name: str) -> Page:
    """A file of the board."""
    path = STATIC / name
    return Page(path.read_bytes(), f"{TYPES[path.suffix]}; charset=utf-8", headers=SAFE)


def html(text: str) -> Page:
    """A page that we have made."""
    return Page(text.encode(), "text/html; charset=utf-8", headers=SAFE)


def board_url(server: netlib.Server) -> str:
    """The board's address, for a browser on the room's machine."""
    return f"http://{server.host or 'localhost'}:{server.port}/"


def about(server: netlib.Server, addresses: Addresses, *, slides: bool) -> dict[str, object]:
    """The room, how to join it, the choices for a host, and how to behave on the wire."""
    place = "" if server.discoverable_on is not None else addresses.shown
    return {
        "name": server.name,
        "commands": {system: _commands(python, place) for system, python in PYTHONS.items()},
        "shown": addresses.shown,
        "play": addresses.game,
        "address": addresses.current,
        "addresses": addresses.known(),
        "slides": slides,
        "presets": {name: _preset(link) for name, link in CHOICES.items()},
        "steps": {step.id: step_words(step.id) for step in all_steps()},
        "limits": LIMITS,
        "wire": wire_as_json(),
    }


def _commands(python: str, place: str) -> list[str]:
    """How to join class and game there; a room that nobody can find needs the address."""
    whole = ["class join", f"--host {place}" if place else ""], ["join", place]
    return [" ".join([python, "-m workshop", *filter(None, words)]) for words in whole]


def qr_code(text: str) -> Page:
    """A text to be scanned."""
    image = io.BytesIO()
    segno.make(text, error="m").save(image, kind="svg", border=2, xmldecl=False, svgns=True)
    return Page(image.getvalue(), "image/svg+xml", headers=SAFE)


def _preset(link: LinkConditions) -> dict[str, object]:
    numbers = [round(1000 * link.latency), round(1000 * link.jitter), round(100 * link.loss, 2)]
    return {"numbers": numbers, "words": conditions_in_words(link)}


def _kept(page: Page) -> Make:
    return lambda: page
