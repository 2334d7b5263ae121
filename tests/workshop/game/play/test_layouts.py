"""Real keys on real layouts: the places of W, A, S, D run in four ways, whatever letters are there."""

import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.processes import TIMEOUT, python, running, wait_until
from tests.support.spectator import Spectator, spectator
from tests.support.tools import need_tools
from tests.support.windows import Screen, Window
from workshop.game.rules.units import UNIT

LAYOUTS = (("fr",), ("us", "-variant", "dvorak"), ("ru",), ("gr",))
# X's key codes of the places, and the ways there; as many steps back as forth.
PLACES = (("25", (0, -1)), ("38", (-1, 0)), ("39", (0, 1)), ("40", (1, 0)))
STEP = 12 * UNIT  # units that somebody must get on; a place to start has that much room around it

pytestmark = [pytest.mark.window, pytest.mark.slow]


@pytest.fixture
def ada(xvfb: Screen, tmp_path: Path) -> Iterator[tuple[Window, Spectator]]:
    """Give Ada's window, and what a spectator sees of her."""
    need_tools("setxkbmap")
    server = python(
        "-m", "solutions.step14_public.server", "--host", "127.0.0.1", "--port", "0", "--seed", "5"
    )
    with running(server, tmp_path / "server.log") as room:
        port = room.wait_for(r"on port (\d+)")[1]
        client = python("-m", "workshop", "join", f"127.0.0.1:{port}", "--name", "Ada")
        with (
            spectator(f"ws://127.0.0.1:{port}") as watcher,
            running(client, tmp_path / "ada.log", environ=xvfb.environ),
        ):
            window = xvfb.find_window(title="Ada")
            watcher.player("Ada")
            yield window, watcher


def set_layout(screen: Screen, layout: tuple[str, ...]) -> None:
    """Change the layout of a screen's keyboard, as its person would."""
    environ = {**os.environ, "DISPLAY": screen.display}
    subprocess.run(["setxkbmap", *layout], env=environ, check=True, timeout=TIMEOUT)


def test_four_ways_on_four_layouts(ada: tuple[Window, Spectator]) -> None:
    """The layout changes while Ada plays; each of the four keys still takes her its way."""
    window, watcher = ada
    window.focus()
    for layout in LAYOUTS:
        set_layout(window.screen, layout)
        for place, way in PLACES:
            here = where(watcher)
            with window.held(place):
                wait_until(
                    partial(is_far, watcher, here, way), f"Ada goes {way} with key {place} on {layout}"
                )


def where(watcher: Spectator) -> tuple[int, int]:
    """Return Ada's place."""
    _, ada = watcher.player("Ada")
    return ada.x, ada.y


def is_far(watcher: Spectator, before: tuple[int, int], way: tuple[int, int]) -> bool:
    """Return whether Ada has gone that way."""
    (x, y), (x0, y0) = where(watcher), before
    return (x - x0) * way[0] + (y - y0) * way[1] > STEP
