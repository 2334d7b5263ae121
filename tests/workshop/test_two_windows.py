"""Two people at one table: two real windows on one screen, against one server."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import TIMEOUT, python, running, wait_until
from tests.support.spectator import Spectator, spectator
from tests.support.windows import Screen, Window
from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.palette import player_colour
from workshop.game.rules.entities import WORTH, Player, Resource
from workshop.game.rules.navigation import Navigator, square_distance
from workshop.game.rules.units import REACH, UNIT

SEED = 5  # of the map: the same ways for every run
SEES_SECONDS = 2.0  # within which the other window shows a move; generous
CLOSE = REACH // 2  # units from a resource at which a player stops walking

pytestmark = pytest.mark.window


class Walker:
    """Someone at a keyboard who walks to a place, looking at the map."""

    def __init__(self, window: Window, name: str, watcher: Spectator, ways: Navigator) -> None:
        self.window, self.watcher = window, watcher
        self.id, _ = watcher.player(name)
        self._ways = ways
        self._held: set[str] = set()

    @property
    def me(self) -> Player:
        """Where the server says that they are."""
        player: Player = self.watcher.state["players"][self.id]
        return player

    def walk_to(self, goal: Resource) -> None:
        """Hold arrow keys until the place is within reach."""
        self.window.focus()
        deadline = time.monotonic() + TIMEOUT
        while square_distance(self.me.x, self.me.y, goal.x, goal.y) > CLOSE**2:
            assert time.monotonic() < deadline, f"could not walk to {goal} from {self.me}"
            seen = len(self.watcher.seen)
            self._hold(self._keys(goal))
            wait_until(lambda seen=seen: len(self.watcher.seen) > seen, "the next snapshot")  # type: ignore[misc]
        self._hold(set())

    def _keys(self, goal: Resource) -> set[str]:
        x, y = self._ways.direction(self.me.x, self.me.y, goal.x, goal.y)
        across = {"Right"} if x > 0.38 else {"Left"} if x < -0.38 else set()
        return across | ({"Down"} if y > 0.38 else {"Up"} if y < -0.38 else set())

    def _hold(self, keys: set[str]) -> None:
        for key in self._held - keys:
            self.window.screen.xdotool("keyup", key)
        for key in keys - self._held:
            self.window.screen.xdotool("keydown", key)
        self._held = keys


@pytest.fixture
def table(xvfb: Screen, tmp_path: Path) -> Iterator[tuple[Window, Window, Spectator]]:
    """Give Ada's window, Ben's beside it, and what a spectator sees."""
    server = python("-m", "solutions.step14_public.server", "--host", "127.0.0.1", "--port", "0")
    with running([*server, "--seed", str(SEED)], tmp_path / "server.log") as room:
        port = room.wait_for(r"on port (\d+)")[1]
        client = python("-m", "workshop", "join", f"127.0.0.1:{port}", "--name")
        with (
            spectator(f"ws://127.0.0.1:{port}") as watcher,
            running([*client, "Ada"], tmp_path / "ada.log", environ=xvfb.environ),
            running([*client, "Ben"], tmp_path / "ben.log", environ=xvfb.environ),
        ):
            ada, ben = xvfb.find_window(title="Ada"), xvfb.find_window(title="Ben")
            ada.move(0, 0)
            ben.move(1300, 0)
            watcher.player("Ada"), watcher.player("Ben")
            yield ada, ben, watcher


def shows(window: Window, me: int, other: int, watcher: Spectator) -> bool:
    """Return whether the window of one player shows the other where the server says."""
    players = watcher.state["players"]
    offset = camera((players[me].x, players[me].y), window.area().size, watcher.map)
    spot = world_to_screen((players[other].x, players[other].y), offset)
    return window.picture().get_at(spot)[:3] == player_colour(players[other].colour)


def test_a_key_in_one_window_moves_a_player_in_both(table: tuple[Window, Window, Spectator]) -> None:
    """Ada holds an arrow key: she moves for the server, and Ben's window shows her at her new place."""
    ada, ben, watcher = table
    (my_id, before), (bens_id, ben_before) = watcher.player("Ada"), watcher.player("Ben")
    ada.focus()
    with ada.held("Right"):
        wait_until(lambda: watcher.player("Ada")[1].x > before.x + 60 * UNIT, "Ada has moved")
    wait_until(
        lambda: shows(ben, bens_id, my_id, watcher), "Ben's window shows Ada's place", timeout=SEES_SECONDS
    )
    assert (watcher.player("Ben")[1].x, watcher.player("Ben")[1].y) == (ben_before.x, ben_before.y)


def test_two_race_for_one_resource(table: tuple[Window, Window, Spectator]) -> None:
    """Ada and Ben stand at the same resource and both press Space: exactly one of them scores."""
    ada, ben, watcher = table
    wait_until(lambda: watcher.state["round"][0].phase == "playing", "the round begins")
    ways = Navigator(watcher.map)
    walkers = [Walker(ada, "Ada", watcher, ways), Walker(ben, "Ben", watcher, ways)]
    resource_id, resource = lonely_resource(watcher, walkers[0].me)
    for walker in walkers:
        walker.walk_to(resource)
    assert [walker.me.score for walker in walkers] == [0, 0]
    for walker in walkers:
        walker.window.focus()
        walker.window.press("space")
    wait_until(lambda: resource_id not in watcher.state["resources"], "it is taken")
    then = len(watcher.seen)
    wait_until(lambda: len(watcher.seen) > then + 10, "snapshots in which the second press has counted")
    assert sorted(walker.me.score for walker in walkers) == [0, WORTH[resource.kind]]


def lonely_resource(watcher: Spectator, me: Player) -> tuple[int, Resource]:
    """Return the nearest resource that has no other one in reach of somebody who stands beside it."""
    resources: dict[int, Resource] = watcher.state["resources"]

    def lonely(it: Resource) -> bool:
        others = [other for other in resources.values() if other is not it]
        return all(square_distance(it.x, it.y, other.x, other.y) > (3 * REACH) ** 2 for other in others)

    found = {id: it for id, it in resources.items() if lonely(it)}
    nearest = min(found, key=lambda id: square_distance(me.x, me.y, found[id].x, found[id].y))
    return nearest, found[nearest]
