"""The map: obstacles, places to start and places for resources, all from one seed.

Between obstacles, and between them and the border, there is always a gap that a player fits through. So there
is a way around each obstacle, and every place can be reached.
"""

import random
from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from workshop.game.rules.units import BODY, UNIT, to_units

WIDTH, HEIGHT = 2400, 1600  # pixels
PLAZA = (640, 360)  # pixels; the free place in the middle, where players start
GAP = 72  # pixels between obstacles, and from them to the border
SPOTS = 96  # places for resources
SPOT_GAP = 90  # pixels between two such places
SPOT_MARGIN = 40  # pixels around such a place where a player can stand
SPAWN_GRID, SPAWN_GAP = (8, 4), 72  # places to start, columns and rows; pixels between them
ATTEMPTS = 400  # random places to try for one obstacle
_BUCKET: Final = 256 * UNIT  # units; we look up obstacles by squares of this size

ObstacleKind: TypeAlias = Literal["tree", "rock", "pond", "wall"]
Point: TypeAlias = tuple[int, int]
Span: TypeAlias = tuple[int, int]  # from, to
Wall: TypeAlias = tuple[Span, Span]  # in x and in y, where no player's centre can be


class Obstacle(msgspec.Struct, frozen=True):
    """A rectangle that players cannot enter, in world units."""

    kind: ObstacleKind
    left: int
    top: int
    right: int
    bottom: int

    def wall(self, margin: int = BODY) -> Wall:
        """The obstacle, grown by half a player (or ``margin`` units) to each side."""
        return (self.left - margin, self.right + margin), (self.top - margin, self.bottom + margin)


class Map:
    """The part of the world that never changes during a game. All measures are in world units.

    Args:
        spawns: where players start.
        spots: where resources can lie.
    """

    def __init__(
        self,
        width: int,
        height: int,
        obstacles: Sequence[Obstacle] = (),
        *,
        seed: int = 0,
        spawns: Sequence[Point] = (),
        spots: Sequence[Point] = (),
    ) -> None:
        self.width, self.height, self.seed = width, height, seed
        self.obstacles, self.spawns, self.spots = tuple(obstacles), tuple(spawns), tuple(spots)
        self._walls: dict[Point, list[Wall]] = {}
        for obstacle in obstacles:
            for bucket in _buckets(obstacle):
                self._walls.setdefault(bucket, []).append(obstacle.wall())

    def walls_near(self, x: int, y: int) -> Sequence[Wall]:
        """The walls that a player at ``x``, ``y`` can touch within two ticks."""
        return self._walls.get((x // _BUCKET, y // _BUCKET), ())

    def is_free(self, x: int, y: int, margin: int = 0) -> bool:
        """Whether a player can stand there, and everywhere up to ``margin`` units around."""
        edge = BODY + margin
        if not (edge <= x <= self.width - edge and edge <= y <= self.height - edge):
            return False
        walls = (obstacle.wall(edge) for obstacle in self.obstacles)
        return not any(left < x < right and top < y < bottom for (left, right), (top, bottom) in walls)


def _buckets(obstacle: Obstacle) -> Iterator[Point]:
    (left, right), (top, bottom) = obstacle.wall(3 * BODY)
    for column in range(left // _BUCKET, right // _BUCKET + 1):
        for row in range(top // _BUCKET, bottom // _BUCKET + 1):
            yield column, row


# From here on pixels: a plan of rectangles (left, top, width, height), then one map in world units.
_Box: TypeAlias = tuple[int, int, int, int]
_Plan: TypeAlias = tuple[ObstacleKind, list[_Box]]


def make_map(seed: int) -> Map:
    """The map of that seed; the same on every machine."""
    rng = random.Random(seed)
    plan = _plan(rng)
    obstacles = [_obstacle(kind, box) for kind, boxes in plan for box in boxes]
    bare = Map(to_units(WIDTH), to_units(HEIGHT), obstacles)
    return Map(bare.width, bare.height, obstacles, seed=seed, spawns=_spawns(), spots=_spots(bare, rng))


def _obstacle(kind: ObstacleKind, box: _Box) -> Obstacle:
    left, top, width, height = (to_units(length) for length in box)
    return Obstacle(kind, left, top, left + width, top + height)


def _plan(rng: random.Random) -> list[_Plan]:
    wanted = [_pond(rng) for _ in range(4)] + [_ruin(rng) for _ in range(7)]
    wanted += [_block("rock", rng, 52, 96) for _ in range(14)]
    wanted += [_block("tree", rng, 60, 92) for _ in range(34)]
    taken: list[_Box] = [((WIDTH - PLAZA[0]) // 2, (HEIGHT - PLAZA[1]) // 2, *PLAZA)]
    plan = list[_Plan]()
    for kind, shape in wanted:
        plan.append((kind, _placed(shape, taken, rng)))
        taken += plan[-1][1]
    return plan


def _pond(rng: random.Random) -> _Plan:
    return "pond", [(0, 0, rng.randrange(180, 300, 4), rng.randrange(130, 200, 4))]


def _ruin(rng: random.Random) -> _Plan:
    """Two walls that make a corner."""
    width, height, thick = rng.randrange(140, 260, 4), rng.randrange(120, 200, 4), 40
    across = (0, rng.choice((0, height - thick)), width, thick)
    return "wall", [across, (rng.choice((0, width - thick)), 0, thick, height)]


def _block(kind: ObstacleKind, rng: random.Random, smallest: int, largest: int) -> _Plan:
    width = rng.randrange(smallest, largest, 4)
    return kind, [(0, 0, width, width if kind == "tree" else round(width * 0.8))]


def _placed(shape: list[_Box], taken: list[_Box], rng: random.Random) -> list[_Box]:
    """The shape at a random free place; nothing if there is none."""
    for _ in range(ATTEMPTS):
        x, y = rng.randrange(GAP, WIDTH, 4), rng.randrange(GAP, HEIGHT, 4)
        moved = [(left + x, top + y, width, height) for left, top, width, height in shape]
        if all(_inside(box) and not any(_near(box, other) for other in taken) for box in moved):
            return moved
    return []


def _inside(box: _Box) -> bool:
    left, top, width, height = box
    return left + width <= WIDTH - GAP and top + height <= HEIGHT - GAP


def _near(box: _Box, other: _Box) -> bool:
    apart_x = box[0] - GAP >= other[0] + other[2] or other[0] - GAP >= box[0] + box[2]
    apart_y = box[1] - GAP >= other[1] + other[3] or other[1] - GAP >= box[1] + box[3]
    return not (apart_x or apart_y)


def _spawns() -> list[Point]:
    """A grid in the plaza, from the middle outwards, so that the first players see each other."""
    columns, rows = SPAWN_GRID
    offsets = [(2 * i - columns + 1, 2 * j - rows + 1) for i in range(columns) for j in range(rows)]
    offsets.sort(key=lambda offset: (offset[0] ** 2 + offset[1] ** 2, offset))
    places = ((WIDTH / 2 + x * SPAWN_GAP / 2, HEIGHT / 2 + y * SPAWN_GAP / 2) for x, y in offsets)
    return [(to_units(x), to_units(y)) for x, y in places]


def _spots(bare: Map, rng: random.Random) -> list[Point]:
    found: list[Point] = []
    gap, edge = to_units(SPOT_GAP), 64
    for _ in range(SPOTS * ATTEMPTS):
        x, y = to_units(rng.randrange(edge, WIDTH - edge)), to_units(rng.randrange(edge, HEIGHT - edge))
        clear = all((x - a) ** 2 + (y - b) ** 2 >= gap * gap for a, b in found)
        if clear and bare.is_free(x, y, to_units(SPOT_MARGIN)):
            found.append((x, y))
        if len(found) == SPOTS:
            break
    return found
