"""Bots: a brain that sees what a client sees, and answers with what a player can press."""

import heapq
import random
from collections.abc import Mapping
from math import cos, pi, sin, sqrt
from typing import Any

from workshop.game.rules.entities import ROUND_ID, WORTH, Player, Resource, Round
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.messages import Move
from workshop.game.rules.navigation import Navigator, square_distance
from workshop.game.rules.units import REACH, UNIT
from workshop.game.rules.world import nearest_in_reach

THINK = (8, 20)  # calls between two choices of a goal
WAKE = 45  # calls at most until a bot begins
REACTION = (4, 12)  # calls between reaching something and pressing
SPEED = (0.72, 0.92)  # share of full speed: a player who tries should win
WOBBLE = 0.18  # radians by which a bot strays
LOYALTY = 1.3  # by which the goal that it already has is worth more
HOPE = 0.3  # by which a resource is worth less if another player is closer
STUCK_CALLS = 12  # calls without movement until it tries another way
DODGE_CALLS = 9  # calls for which it tries that way
TEMPTING = 6  # resources that it considers
NEAR = 240 * UNIT  # units of distance that halve the worth of a resource

State = Mapping[str, Mapping[int, Any]]


class Brain:
    """One bot. Call `decide` once a tick.

    Args:
        navigator: shared by all bots on the same map.
        seed: the same seed and the same states give the same moves.
    """

    def __init__(self, navigator: Navigator, *, seed: int) -> None:
        self._ways = navigator
        self._random = random.Random(seed)
        self._speed = self._random.uniform(*SPEED)
        self._asleep = self._random.randint(0, WAKE)
        self._goal: int | None = None
        self._stroll: Point | None = None
        self._rethink = self._patience = self._still = self._dodge = 0
        self._heading = (0.0, 0.0)
        self._last = (0, 0)

    def decide(self, state: State, my_id: int, map: Map) -> Move:
        """What the bot does in this tick; nothing while it is not in the game."""
        me: Player | None = state.get("players", {}).get(my_id)
        self._asleep -= 1
        if me is None or self._asleep > 0:
            return Move()
        if self._is_stuck(me):
            return Move(move=self._heading)
        round: Round | None = state.get("round", {}).get(ROUND_ID)
        if round is None or round.phase != "playing":
            return self._wander(me, map)
        return self._gather(me, my_id, state)

    def _gather(self, me: Player, my_id: int, state: State) -> Move:
        resources: Mapping[int, Resource] = state.get("resources", {})
        self._choose(me, my_id, state)
        goal = resources.get(self._goal) if self._goal is not None else None
        if goal is None:
            return Move()
        close = square_distance(me.x, me.y, goal.x, goal.y) < (REACH * 3 // 4) ** 2
        direction = self._ways.direction(me.x, me.y, goal.x, goal.y)
        in_reach = nearest_in_reach(me.x, me.y, resources) is not None
        return Move(move=self._steer(direction, 0.4 if close else 1.0), collect=self._presses(in_reach))

    def _presses(self, in_reach: bool) -> bool:
        """Press for whatever is in reach a moment after it came there, and again if necessary."""
        self._patience -= in_reach
        if self._patience >= 0:
            return False
        self._patience = self._random.randint(*REACTION)
        return True

    def _choose(self, me: Player, my_id: int, state: State) -> None:
        resources: Mapping[int, Resource] = state.get("resources", {})
        self._rethink -= 1
        if self._rethink > 0 and self._goal in resources:
            return
        rivals = [player for id, player in state["players"].items() if id != my_id]
        tempting = heapq.nlargest(TEMPTING, resources, key=lambda id: _appeal(me, resources[id]))
        loyal = {self._goal: LOYALTY}
        worth = {id: _chance(me, rivals, resources[id]) * loyal.get(id, 1.0) for id in tempting}
        self._goal = max(tempting, key=worth.__getitem__, default=None)
        self._rethink = self._random.randint(*THINK)

    def _wander(self, me: Player, map: Map) -> Move:
        """Stroll about between rounds."""
        if self._stroll is None or square_distance(me.x, me.y, *self._stroll) < REACH * REACH:
            self._stroll = self._random.choice(map.spots) if map.spots else (me.x, me.y)
        return Move(move=self._steer(self._ways.direction(me.x, me.y, *self._stroll), 0.6))

    def _steer(self, direction: tuple[float, float], share: float = 1.0) -> tuple[float, float]:
        turn = self._random.uniform(-WOBBLE, WOBBLE)
        speed, (x, y) = self._speed * share, direction
        turned = (x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn))
        self._heading = (round(speed * turned[0], 3), round(speed * turned[1], 3))
        return self._heading

    def _is_stuck(self, me: Player) -> bool:
        """Whether it walks off at random now, because it wanted to move and could not."""
        moved = square_distance(me.x, me.y, *self._last) > UNIT * UNIT
        self._last = (me.x, me.y)
        wants = self._heading != (0.0, 0.0)
        self._still = self._still + 1 if wants and not moved else 0
        if self._still > STUCK_CALLS and not self._dodge:
            angle = self._random.uniform(0, 2 * pi)
            self._heading, self._dodge, self._goal = (cos(angle), sin(angle)), DODGE_CALLS, None
        self._dodge = max(0, self._dodge - 1)
        return self._dodge > 0


def _appeal(me: Player, resource: Resource) -> float:
    """The points of a resource, compared with the way to it."""
    distance = sqrt(square_distance(me.x, me.y, resource.x, resource.y))
    return WORTH[resource.kind] / (NEAR + distance)


def _chance(me: Player, rivals: list[Player], resource: Resource) -> float:
    """The same, but less if another player is clearly closer."""
    mine = square_distance(me.x, me.y, resource.x, resource.y)
    taken = any(2 * square_distance(r.x, r.y, resource.x, resource.y) < mine for r in rivals)
    return _appeal(me, resource) * (HOPE if taken else 1.0)
