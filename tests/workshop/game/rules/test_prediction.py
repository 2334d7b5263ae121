"""Prediction over the game's own step: into walls, along them, and never a correction."""

from functools import partial
from itertools import pairwise
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from netlib.play.prediction import Predictor
from netlib.transport.conditioner import LinkConditions
from tests.support.simulation import Simulation
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map, Point, make_map
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step
from workshop.game.rules.units import BODY, STEP_UNITS

MAPS = {seed: make_map(seed) for seed in (7, 8)}
DIAGONAL = 1 / sqrt(2)

directions = st.sampled_from(
    [
        (float(x), float(y)) if not (x and y) else (x * DIAGONAL, y * DIAGONAL)
        for x in (-1, 0, 1)
        for y in (-1, 0, 1)
    ]
)
moves = st.builds(
    Move, move=directions | st.tuples(st.floats(-1, 1), st.floats(-1, 1)), collect=st.booleans()
)
legs = st.lists(st.tuples(moves, st.floats(0.01, 1.2)), min_size=1, max_size=10)
maps = st.sampled_from(list(MAPS.values()))


def beside_obstacles(map: Map) -> list[Point]:
    """Return places from which a wall is reached within a few ticks."""
    sides = [(o.left - 2 * BODY, (o.top + o.bottom) // 2) for o in map.obstacles]
    return [place for place in sides if map.is_free(*place)]


def simulation(
    map: Map, start: Point, link: LinkConditions, *, fps: float = 60.0, seed: int = 0
) -> Simulation[Player, Move]:
    """Return a game whose server also counts what is collected."""

    def served(player: Player, move: Move) -> Player:
        moved = step(player, move, map)
        return replace(moved, score=moved.score + move.collect)

    mine: Predictor[Player, Move] = Predictor(partial(step, map=map))
    return Simulation(mine, served, Player("Ada", 0, *start), link=link, fps=fps, seed=seed)


def bumps(map: Map, drawn: list[Player]) -> int:
    """Return in how many frames a player stood directly at the left or right side of an obstacle."""
    sides = {side for o in map.obstacles for side in o.wall()[0]}
    return sum(player.x in sides for player in drawn)


def depth(map: Map, player: Player) -> int:
    """Return how many units deep a player stands in an obstacle; 0 on free ground."""
    x, y = player.x, player.y
    walls = map.walls_near(x, y)
    return max((min(x - left, right - x, y - top, low - y) for (left, right), (top, low) in walls), default=0)


@given(
    map=maps,
    data=st.data(),
    script=legs,
    latency=st.floats(0, 0.6),
    fps=st.sampled_from([30.0, 60.0, 144.0]),
    seed=st.integers(0, 2**32),
)
def test_at_any_steady_latency_the_game_is_never_corrected(
    map: Map, data: st.DataObject, script: list[tuple[Move, float]], latency: float, fps: float, seed: int
) -> None:
    """Among obstacles, with scores coming in meanwhile, client and server agree to the unit."""
    start = data.draw(st.sampled_from(beside_obstacles(map)))
    game = simulation(map, start, LinkConditions(latency), fps=fps, seed=seed)
    for move, seconds in script:
        game.play(move, seconds)
    game.run_dry()
    assert (game.predictor.corrections, game.queue.dropped) == (0, 0)
    assert game.predictor.predicted == game.truth


def test_walking_into_an_obstacle_is_predicted_to_the_unit() -> None:
    """The walls are really hit, so the test above says something."""
    map = MAPS[7]
    for start in beside_obstacles(map)[:10]:
        game = simulation(map, start, LinkConditions(0.2))
        game.play(Move(move=(1.0, 0.0)), 1.0)
        game.play(Move(move=(DIAGONAL, DIAGONAL)), 0.5)
        assert bumps(map, game.drawn) > 20
        assert game.predictor.corrections == 0


@given(map=maps, data=st.data(), script=legs, seed=st.integers(0, 2**32))
def test_the_drawn_player_goes_round_obstacles(
    map: Map, data: st.DataObject, script: list[tuple[Move, float]], seed: int
) -> None:
    """Between two ticks it may clip a corner by less than half of a step, and never jumps by a whole one."""
    start = data.draw(st.sampled_from(beside_obstacles(map)))
    game = simulation(map, start, LinkConditions(0.2), fps=144.0, seed=seed)
    for move, seconds in [(Move(), 0.1), *script]:
        game.play(move, seconds)
    assert max(depth(map, player) for player in game.drawn) < STEP_UNITS / 2
    for before, after in pairwise(game.drawn):
        assert max(abs(after.x - before.x), abs(after.y - before.y)) < STEP_UNITS
