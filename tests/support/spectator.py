"""A spectator: what everybody in a room is told, read from the wire, and compared with a picture."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pygame

import netlib
from tests.support.processes import TIMEOUT, wait_until
from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.palette import RESOURCES, Colour, player_colour
from workshop.game.rules.entities import ROUND_ID, SCHEMA
from workshop.game.rules.maps import Map, make_map
from workshop.game.rules.messages import MESSAGES

State = dict[str, dict[int, Any]]
EDGE = 40  # pixels of a window's rim that are not compared
HOVER = 3  # pixels by which a resource may be above or below its place
PANELS = (  # what may cover the world in a window of 1280×720: left, top, right, bottom
    *((0, 0, 300, 330), (560, 0, 720, 100), (1040, 0, 1280, 260)),  # scores, clock, map
    *((340, 100, 940, 330), (0, 560, 420, 720), (960, 690, 1280, 720)),  # countdown, chat, status
)


class Spectator:
    """Watches a room from a thread of its own."""

    def __init__(self, url: str) -> None:
        self.seen: list[State] = []
        self._url = url
        self._done = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()))

    @property
    def state(self) -> State:
        """The newest state."""
        return self.seen[-1]

    @property
    def map(self) -> Map:
        """The map that everybody plays on."""
        return make_map(self.state["round"][ROUND_ID].seed)

    def player(self, name: str) -> tuple[int, Any]:
        """The id and the newest state of the player of that name."""
        wait_until(lambda: name in [it.name for it in self.state["players"].values()], f"{name} plays")
        return next(item for item in self.state["players"].items() if item[1].name == name)

    def start(self) -> None:
        """Begin to watch, and wait for the first state."""
        self._thread.start()
        wait_until(lambda: self.seen or not self._thread.is_alive(), "the spectator sees the room")

    def stop(self) -> None:
        """Watch no longer."""
        self._done.set()
        self._thread.join(TIMEOUT)

    async def _watch(self) -> None:
        async with netlib.connect(
            self._url, name="Watcher", spectator=True, messages=MESSAGES, schema=SCHEMA
        ) as client:
            while not self._done.is_set() and client.connected:
                if any(isinstance(event, netlib.StateChanged) for event in client.poll()):
                    self.seen.append(client.state)
                await asyncio.sleep(0.005)


@contextmanager
def spectator(url: str) -> Iterator[Spectator]:
    """Watch a room for the length of the block."""
    watcher = Spectator(url)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


def missing(picture: pygame.Surface, state: State, me: int, map: Map) -> list[str]:
    """What should be on a player's picture of that state, by colour and place, and is not."""
    return [
        f"{what} at {spot}"
        for what, spot, colour in expected(picture.size, state, me, map)
        if colour not in {picture.get_at((spot[0], spot[1] + up))[:3] for up in range(-HOVER, HOVER + 1)}
    ]


def expected(
    size: tuple[int, int], state: State, me: int, map: Map
) -> Iterator[tuple[str, tuple[int, int], Colour]]:
    """What is seen of a state, clear of rim, panels and others: what it is, its pixel, its colour."""
    mine = state["players"][me]
    offset = camera((mine.x, mine.y), size, map)
    bodies = {id: world_to_screen((it.x, it.y), offset) for id, it in state["players"].items()}
    for id, player in state["players"].items():
        if _is_clear(bodies[id], size, [spot for other, spot in bodies.items() if other != id]):
            yield player.name, bodies[id], player_colour(player.colour)
    for resource in state["resources"].values():
        spot = world_to_screen((resource.x, resource.y), offset)
        if _is_clear(spot, size, list(bodies.values())):
            yield resource.kind, spot, RESOURCES[resource.kind]


def _is_clear(spot: tuple[int, int], size: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    x, y = spot
    inside = EDGE < x < size[0] - EDGE and EDGE < y < size[1] - EDGE
    under_panel = any(left < x < right and top < y < bottom for left, top, right, bottom in PANELS)
    crowded = any(abs(x - a) < 90 and abs(y - b) < 90 for a, b in others)
    return inside and not under_panel and not crowded
