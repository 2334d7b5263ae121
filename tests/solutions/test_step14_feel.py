"""What a player of the finished game feels: oneself at once, others smoothly, and back after a loss."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import pygame
import pytest
from msgspec.structs import replace

import netlib
from netlib import testing
from solutions.step14_public import client as client_program
from solutions.step14_public.client import Game
from solutions.step14_public.server import GemRush
from tests.support.processes import ROOT
from workshop.game.drawing.screen import ANEW, RESUMED
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.player_window import FPS
from workshop.game.rules.entities import SCHEMA, Player
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.messages import MESSAGES, Chat, Move, Notice
from workshop.game.rules.movement import step
from workshop.game.rules.units import STEP_UNITS, TICK_RATE
from workshop.game.rules.world import World

SEED = 5
RIGHT = Move(move=(1.0, 0.0))
FRAME = STEP_UNITS * TICK_RATE / FPS  # units that a running player moves in a frame
LAUNCH = 0.5  # seconds until clocks and delays have been measured
BAD = netlib.LinkConditions(0.25, 0.04, 0.02)


class Watched(Game):
    """The game, with a list of what each frame has shown."""

    task: asyncio.Task[int]

    def __init__(self, client: netlib.Client, window: Window) -> None:
        self.shown: list[Scene] = []
        super().__init__(client, window)

    def draw(self, dt: float) -> None:
        super().draw(dt)
        self.shown.append(self.scene)

    def places(self, id: int) -> list[int]:
        """Where a player was to be seen in each frame, from left to right."""
        return [scene.players[id].x for scene in self.shown if id in scene.players]


class Keys(dict[int, bool]):
    """A keyboard: which keys are down."""

    def __missing__(self, key: int) -> bool:
        return False

    def press(self, key: int) -> None:
        """Press and release a key that does something at once."""
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0))


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Give a keyboard on which nothing is pressed yet."""
    keys = Keys()
    monkeypatch.setattr(pygame.key, "get_pressed", lambda: keys)
    return keys


class Table:
    """A room in a network in memory, and the players at it."""

    def __init__(self, network: testing.Network) -> None:
        self.network = network
        self.games: list[GemRush] = []

    @property
    def game(self) -> GemRush:
        """The server's game that was opened last."""
        return self.games[-1]

    async def open(self, seed: int = SEED, **options: Any) -> None:
        """Open a room."""
        await self.network.serve(partial(self._make, seed), **options)

    def _make(self, seed: int, **options: Any) -> netlib.Server:
        server = netlib.Server("Lab", input_type=Move, **options)
        self.games.append(GemRush(server, World(seed=seed)))
        return server

    async def sit(self, name: str, **options: Any) -> netlib.Client:
        """Join as a player, who stands at the left end of a free lane."""
        client = await self.network.join(name, messages=MESSAGES, schema=SCHEMA, seed=SEED, **options)
        players = self.game.world.players
        x, y = free_lane(self.game.world.map)
        players[client.player_id] = replace(players[client.player_id], x=x, y=y)
        await testing.snapshot(client, where=lambda state: (x, y) == place_of(state, client.player_id))
        return client

    @asynccontextmanager
    async def playing(
        self, window: Window, link: netlib.LinkConditions = netlib.PERFECT
    ) -> AsyncIterator[Watched]:
        """Let Ada play in a window for the length of the block."""
        game = Watched(await self.sit("Ada", link=link), window)
        game.task = asyncio.create_task(game.play(None))
        await asyncio.sleep(LAUNCH)
        try:
            yield game
        finally:
            game.task.cancel()
            await asyncio.wait([game.task])

    async def lose(self, game: Watched) -> None:
        """Cut a player's connection for now, and wait until the window shows it."""
        self.network.cable(game.client).refuse()
        self.network.cable(game.client).cut()
        await testing.until(lambda: game.screen.reconnecting, "the overlay")


@asynccontextmanager
async def a_table() -> AsyncIterator[Table]:
    """Give an open room."""
    async with testing.Network() as network:
        table = Table(network)
        await table.open()
        yield table


def place_of(state: Mapping[str, Mapping[int, Any]], id: int) -> Point | None:
    """Return where a player is."""
    player = state["players"].get(id)
    return (player.x, player.y) if player else None


def free_lane(map: Map) -> Point:
    """Return a place from which one can run to the right for three seconds."""
    for x, y in map.spots:
        runner = Player("", 0, x, y)
        for _ in range(3 * TICK_RATE):
            runner = step(runner, RIGHT, map)
        if (runner.x, runner.y) == (x + 3 * TICK_RATE * STEP_UNITS, y):
            return x, y
    raise AssertionError("no such place on this map")


async def run_right(client: netlib.Client, seconds: float) -> None:
    """Run as a player's program does."""
    for _ in range(round(seconds * TICK_RATE)):
        client.send_input(RIGHT)
        await asyncio.sleep(1 / TICK_RATE)


async def frames_until_seen(game: Watched, keys: Keys) -> int:
    """Press a key; return in which frame from then on your own player is drawn elsewhere."""
    before, place = len(game.shown), game.places(game.client.player_id)[-1]
    keys[pygame.K_RIGHT] = True
    await testing.until(lambda: game.places(game.client.player_id)[-1] != place, "one moves")
    return len(game.shown) - before


@pytest.mark.parametrize("latency", [0.0, 0.1, 0.25, 0.5])
@testing.in_virtual_time
async def test_the_next_frame_shows_what_one_presses(window: Window, keys: Keys, latency: float) -> None:
    """However long the way to the server is; and all the way, the server never has to correct it."""
    async with a_table() as table, table.playing(window, netlib.LinkConditions(latency)) as game:
        assert await frames_until_seen(game, keys) == 1
        await asyncio.sleep(1.0)
        assert game.places(game.client.player_id) == sorted(game.places(game.client.player_id))
        assert game.me.corrections == 0


@testing.in_virtual_time
async def test_without_prediction_one_waits_for_the_server(window: Window, keys: Keys) -> None:
    """F7 off: a press is seen after the whole round trip, and not much later."""
    async with a_table() as table, table.playing(window, netlib.LinkConditions(0.25)) as game:
        keys.press(pygame.K_F7)
        await asyncio.sleep(LAUNCH)
        assert 0.25 <= await frames_until_seen(game, keys) / FPS <= 0.25 + 3 / TICK_RATE
        keys.clear()
        await asyncio.sleep(1.0)
        keys.press(pygame.K_F7)
        await asyncio.sleep(LAUNCH)
        assert await frames_until_seen(game, keys) == 1


async def another_runs(window: Window, *, interpolation: bool) -> list[int]:
    """Return by how many units Bob moves in each frame of Ada's window, while he runs steadily."""
    async with a_table() as table, table.playing(window, BAD) as game:
        bob = await table.sit("Bob")
        game.window.controls.interpolation = interpolation
        asyncio.create_task(run_right(bob, 2.8))  # noqa: RUF006 - it ends before this does
        await asyncio.sleep(1.2)
        since = len(game.shown)
        await asyncio.sleep(1.6)
        places = [scene.players[bob.player_id].x for scene in game.shown[since:]]
    return [after - before for before, after in pairwise(places)]


@pytest.mark.usefixtures("keys")
@testing.in_virtual_time
async def test_others_move_smoothly(window: Window) -> None:
    """Over 250±40 ms with 2 % loss a steady runner moves in every frame, forwards, nearly evenly."""
    ways = await another_runs(window, interpolation=True)
    assert min(ways) > 0.8 * FRAME
    assert max(ways) < 1.2 * FRAME


@pytest.mark.usefixtures("keys")
@testing.in_virtual_time
async def test_without_interpolation_others_stutter(window: Window) -> None:
    """F8 off: the same runner stands still in most frames, and jumps in the others."""
    ways = await another_runs(window, interpolation=False)
    assert sum(way == 0 for way in ways) > 0.4 * len(ways)
    assert max(ways) > 2 * FRAME


@testing.in_virtual_time
async def test_a_cut_connection_comes_back(window: Window, keys: Keys) -> None:
    """The picture stands still, nothing is sent; then it is the same player, with its place and score."""
    async with a_table() as table, table.playing(window) as game:
        ada, bob, world = game.client, await table.sit("Bob"), table.game.world
        await testing.until(lambda: world.round.phase == "playing", "the round has begun")
        world.players[ada.player_id] = replace(world.players[ada.player_id], score=7)
        await asyncio.sleep(0.2)
        await table.lose(game)
        frozen, sent = game.scene, ada.send_input(Move())
        keys[pygame.K_RIGHT] = True
        await asyncio.sleep(2.0)
        assert game.scene is frozen
        assert ada.send_input(Move()) == sent + 1, "no input was numbered meanwhile"
        assert bob.state["players"][ada.player_id].away
        keys.clear()
        table.network.cable(ada).accept()
        await testing.until(lambda: game.screen.reconnecting is None and game.window.live, "it is back")
        assert game.screen.notes.shown == RESUMED
        await testing.snapshot(bob, where=lambda state: not state["players"][ada.player_id].away)
        before, now = frozen.players[ada.player_id], bob.state["players"][ada.player_id]
        assert (now.x, now.y, now.score) == (before.x, before.y, 7)
        await testing.until(lambda: game.scene.me == now, "the window shows it")
        assert await frames_until_seen(game, keys) == 1
    told = [event.text for event in bob.poll() if isinstance(event, Notice)]
    assert told == ["Ada lost the connection", "Ada is back"]


@testing.in_virtual_time
async def test_inputs_that_were_under_way_are_lost(window: Window, keys: Keys) -> None:
    """A player cut off while running is, from the first frame on, where the server has seen it last."""
    async with a_table() as table, table.playing(window, netlib.LinkConditions(0.25)) as game:
        keys[pygame.K_RIGHT] = True
        await asyncio.sleep(1.0)
        table.network.cable(game.client).cut()
        await testing.until(lambda: game.window.lost, "the loss is noticed")
        keys.clear()
        frozen = game.scene
        await testing.until(lambda: game.scene is not frozen, "it is back")
        truth = table.game.world.players[game.client.player_id]
        assert place_of({"players": game.scene.players}, game.client.player_id) == (truth.x, truth.y)


@testing.in_virtual_time
async def test_what_is_said_while_away_arrives(window: Window, keys: Keys) -> None:
    """Chat works without a connection; the line comes when there is one again."""
    async with a_table() as table, table.playing(window) as game:
        bob = await table.sit("Bob")
        await table.lose(game)
        keys.press(pygame.K_RETURN)
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text="wait for me"))
        keys.press(pygame.K_RETURN)
        await asyncio.sleep(0.5)
        table.network.cable(game.client).accept()
        assert (await testing.message(bob, Chat)).text == "wait for me"


@testing.in_virtual_time
async def test_a_server_that_starts_anew(window: Window, keys: Keys) -> None:
    """Another map, another number: the window shows them, says so, and one plays on as a newcomer."""
    async with a_table() as table, table.playing(window) as game:
        first = table.game.server
        await first.stop("be right back")
        await testing.until(lambda: game.screen.reconnecting, "the overlay")
        assert "The room has closed (be right back)" in game.screen.reconnecting.reason  # type: ignore[union-attr]
        await table.open(SEED + 1, port=first.port)
        await testing.until(lambda: game.map.seed == SEED + 1, "the other map")
        await testing.until(lambda: game.screen.notes.shown == ANEW, "the window says so")
        assert game.screen.view.map is game.map
        await asyncio.sleep(LAUNCH)
        assert await frames_until_seen(game, keys) == 1


@pytest.mark.usefixtures("keys")
@testing.in_virtual_time
async def test_a_room_that_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever: after a while the window says that it is over, and ends normally."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    async with a_table() as table:
        server, cable = table.game.server, table.network.new_cable()
        program = client_program.run(f"ws://localhost:{server.port}", network=cable, reconnect_time=5.0)
        playing = asyncio.create_task(program)
        await testing.until(lambda: table.game.world.players, "somebody plays")
        await asyncio.sleep(LAUNCH)
        closed = netlib.clock()
        await server.stop("lunch")
        assert await playing == 0
        assert 5 < netlib.clock() - closed < 15


@testing.in_virtual_time
async def test_quit_works_while_away(window: Window, keys: Keys) -> None:
    """The menu's Quit ends the game at once, with nobody there."""
    async with a_table() as table, table.playing(window) as game:
        await table.lose(game)
        for key in (pygame.K_ESCAPE, pygame.K_DOWN, pygame.K_RETURN):
            keys.press(key)
        assert await asyncio.wait_for(game.task, 1.0) == 0


@testing.in_virtual_time
async def test_a_pause(window: Window, keys: Keys) -> None:
    """While the host has paused the game nothing moves, and the window says who did; then all goes on."""
    async with a_table() as table, table.playing(window) as game:
        table.game.server.pause("Grace")
        await testing.until(lambda: game.screen.paused == "Grace", "the banner")
        since = len(game.shown)
        keys[pygame.K_RIGHT] = True
        await asyncio.sleep(5.0)
        assert len({(it.me.x, it.me.y) for it in game.shown[since:] if it.me}) == 1
        keys.clear()
        table.game.server.unpause()
        await testing.until(lambda: game.screen.paused is None, "it goes on")
        assert await frames_until_seen(game, keys) == 1
        assert game.me.corrections == 0


@testing.in_virtual_time
async def test_a_player_who_is_sent_away_stands_still(window: Window, keys: Keys) -> None:
    """The window says why, nothing moves any more, and after a farewell the program ends with 2."""
    async with a_table() as table, table.playing(window) as game:
        table.game.server.players[0].kick("no shouting")
        await testing.until(lambda: game.screen.notice, "the notice")
        keys[pygame.K_RIGHT] = True
        last = game.scene
        assert await game.task == 2
        assert game.scene is last
        assert game.screen.notice == ("The connection has ended", "no shouting")


@testing.in_virtual_time
async def test_a_player_who_does_not_come_back_has_left() -> None:
    """After the grace time the others read it, and the player is gone."""
    async with a_table() as table:
        ada, bob = await table.sit("Ada"), await table.sit("Bob")
        table.network.cable(ada).refuse()
        table.network.cable(ada).cut()
        assert (await testing.message(bob, Notice)).text == "Ada lost the connection"
        assert (await testing.message(bob, Notice, timeout=40.0)).text == "Ada left"
        await testing.snapshot(bob, where=lambda state: ada.player_id not in state["players"])


def test_the_finished_game_is_read_in_one_sitting() -> None:
    """All its files together have at most 250 lines."""
    files = (ROOT / "solutions" / "step14_public").glob("*.py")
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files) <= 250
