"""Ways around obstacles: a grid over the map, and for each goal the distance from every cell.

Such a "flow field" takes a few milliseconds, once for each goal. Then a walker only looks up which neighbour
is nearer. (E. Durant, "Understanding Goal-Based Vector Field Pathfinding", 2013)
"""

import heapq
from collections.abc import Iterator
from typing import TypeAlias

from workshop.game.rules.maps import Map, Point
from workshop.game.rules.units import BODY, to_units

# Smaller than any obstacle plus a player, so that the line between two free neighbours is free.
CELL = to_units(40)  # units
STRAIGHT, DIAGONAL = 10, 14  # costs of a way to a neighbour

Cell: TypeAlias = tuple[int, int]  # column, row
Field: TypeAlias = dict[Cell, int]

_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1))
_CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))


class Navigator:
    """Finds ways on one map; all bots on the map should share it."""

    def __init__(self, map: Map) -> None:
        columns, rows = map.width // CELL, map.height // CELL
        cells = ((column, row) for column in range(columns) for row in range(rows))
        self.free = {cell for cell in cells if map.is_free(*centre(cell))}
        self._ways = {cell: list(self._neighbours(cell)) for cell in self.free}
        self._fields: dict[Cell, Field] = {}

    def field(self, goal: Cell) -> Field:
        """The cost of the way to ``goal`` from every cell that has one."""
        if goal not in self._fields:
            self._fields[goal] = self._flood(goal)
        return self._fields[goal]

    def direction(self, x: int, y: int, goal_x: int, goal_y: int) -> tuple[float, float]:
        """The direction in which to walk to the goal: a vector of length 1, or (0, 0) at the goal."""
        here, goal = self._cell_at(x, y), self._cell_at(goal_x, goal_y)
        if here == goal:
            return towards(x, y, goal_x, goal_y)
        field = self.field(goal)
        neighbours = [here, *(cell for cell, _ in self._ways.get(here, ()))]
        best = min(neighbours, key=lambda cell: field.get(cell, 1 << 30))
        return towards(x, y, *centre(best))

    def _cell_at(self, x: int, y: int) -> Cell:
        """The cell of a place; beside an obstacle, the nearest free one."""
        column, row = x // CELL, y // CELL
        if (column, row) in self.free:
            return column, row
        around = [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        free = [cell for cell in around if cell in self.free]
        return min(free, key=lambda cell: square_distance(x, y, *centre(cell)), default=(column, row))

    def _neighbours(self, cell: Cell) -> Iterator[tuple[Cell, int]]:
        column, row = cell
        for i, j in _SIDES:
            if (column + i, row + j) in self.free:
                yield (column + i, row + j), STRAIGHT
        for i, j in _CORNERS:
            corner = ((column + i, row), (column, row + j), (column + i, row + j))
            if self.free.issuperset(corner):
                yield corner[2], DIAGONAL

    def _flood(self, goal: Cell) -> Field:
        """Dijkstra's algorithm from the goal outwards."""
        field: Field = {goal: 0}
        queue = [(0, goal)]
        while queue:
            cost, cell = heapq.heappop(queue)
            if cost > field[cell]:
                continue
            for neighbour, way in self._ways.get(cell, ()):
                if cost + way < field.get(neighbour, 1 << 30):
                    field[neighbour] = cost + way
                    heapq.heappush(queue, (cost + way, neighbour))
        return field


def centre(cell: Cell) -> Point:
    """The middle of a cell, in world units."""
    return cell[0] * CELL + CELL // 2, cell[1] * CELL + CELL // 2


def square_distance(x: int, y: int, a: int, b: int) -> int:
    """The square of the distance between two places, in world units."""
    return (x - a) ** 2 + (y - b) ** 2


def towards(x: int, y: int, goal_x: int, goal_y: int) -> tuple[float, float]:
    """The direction from one place to another, of length 1; (0, 0) if they are closer than half a body."""
    dx, dy = goal_x - x, goal_y - y
    length = (dx * dx + dy * dy) ** 0.5
    return (dx / length, dy / length) if length > BODY / 2 else (0.0, 0.0)
