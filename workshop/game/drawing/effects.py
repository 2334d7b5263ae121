"""Effects: sparkles, floating points, where players look. Derived from two states, and never sent."""

import random
from collections.abc import Mapping
from math import atan2, cos, exp, hypot, pi, sin

from workshop.game.drawing.palette import RESOURCES, Colour, player_colour
from workshop.game.rules.entities import WORTH, Player, Resource
from workshop.game.rules.units import REACH, UNIT

SPARK_SECONDS, SPARKS, SPARK_SPEED = 0.55, 14, 190.0  # seconds; how many; pixels per second
POPUP_SECONDS, POPUP_RISE = 1.1, 52.0  # seconds; pixels
APPEAR_SECONDS = 0.3  # in which a new resource grows to its full size
REST_SECONDS = 0.12  # without movement until a player counts as standing
STEADY = 8  # world units; a smaller movement, such as a fading correction, is no walk
TURN_RATE = 14.0  # how fast the eyes follow the walk, per second


class Spark:
    """A bright dot that flies away. Places are in pixels of the map."""

    def __init__(self, x: float, y: float, angle: float, speed: float, colour: Colour) -> None:
        self.x, self.y, self.colour = x, y, colour
        self.dx, self.dy = speed * cos(angle), speed * sin(angle)
        self.age = 0.0

    def pass_time(self, dt: float) -> bool:
        """Fly on, slower and slower. Returns False once it has burnt out."""
        self.age += dt
        self.x, self.y = self.x + self.dx * dt, self.y + self.dy * dt
        self.dx, self.dy = self.dx * exp(-4 * dt), self.dy * exp(-4 * dt)
        return self.age < SPARK_SECONDS


class Popup:
    """A text that floats up from a place, in pixels of the map."""

    def __init__(self, text: str, x: float, y: float, colour: Colour) -> None:
        self.text, self.x, self.y, self.colour, self.age = text, x, y, colour, 0.0

    def pass_time(self, dt: float) -> bool:
        """Rise. Returns False once it has faded."""
        self.age += dt
        self.y -= POPUP_RISE * dt / POPUP_SECONDS
        return self.age < POPUP_SECONDS


class Gait:
    """How a player walks: the direction of the eyes (radians), and the time in the stride (seconds)."""

    def __init__(self, player: Player) -> None:
        self.x, self.y = player.x, player.y
        self.facing, self._wanted = pi / 2, pi / 2
        self.stride, self._rest = 0.0, REST_SECONDS

    def follow(self, player: Player, dt: float) -> None:
        """Follow the player to where they are ``dt`` seconds later."""
        dx, dy = player.x - self.x, player.y - self.y
        self._rest += dt
        if hypot(dx, dy) >= STEADY:
            self.x, self.y = player.x, player.y
            self._rest, self._wanted = 0.0, atan2(dy, dx)
        self.stride = self.stride + dt if self._rest < REST_SECONDS else 0.0
        turn = (self._wanted - self.facing + pi) % (2 * pi) - pi
        self.facing += turn * (1 - exp(-TURN_RATE * dt))


class Effects:
    """All effects; call `update` once a frame."""

    def __init__(self) -> None:
        self.sparks: list[Spark] = []
        self.popups: list[Popup] = []
        self.gaits: dict[int, Gait] = {}
        self.ages: dict[int, float] = {}  # seconds since a resource was first seen
        self._players: Mapping[int, Player] = {}
        self._resources: Mapping[int, Resource] = {}
        self._random = random.Random(0)

    def update(self, players: Mapping[int, Player], resources: Mapping[int, Resource], dt: float) -> None:
        """Compare with the last frame, ``dt`` seconds ago, and advance all effects."""
        self.sparks = [spark for spark in self.sparks if spark.pass_time(dt)]
        self.popups = [popup for popup in self.popups if popup.pass_time(dt)]
        self.gaits = {id: self.gaits.get(id) or Gait(player) for id, player in players.items()}
        for id, player in players.items():
            self.gaits[id].follow(player, dt)
        if resources is not self._resources:
            self._notice_collected(players, resources)
        first = not self._resources
        self.ages = {id: self.ages.get(id, 1.0 if first else -dt) + dt for id in resources}
        self._players, self._resources = players, resources

    def _notice_collected(self, players: Mapping[int, Player], resources: Mapping[int, Resource]) -> None:
        for id in self._resources.keys() - resources.keys():
            resource = self._resources[id]
            x, y = resource.x / UNIT, resource.y / UNIT
            for _ in range(SPARKS):
                angle, speed = self._random.uniform(0, 2 * pi), self._random.uniform(0.3, 1.0) * SPARK_SPEED
                self.sparks.append(Spark(x, y, angle, speed, RESOURCES[resource.kind]))
            if (winner := self._collector(resource, players)) is not None:
                colour = player_colour(winner.colour)
                self.popups.append(Popup(f"+{WORTH[resource.kind]}", x, y - 18, colour))

    def _collector(self, resource: Resource, players: Mapping[int, Player]) -> Player | None:
        """The player nearby who has just got points."""
        for id, player in players.items():
            near = abs(player.x - resource.x) < 2 * REACH and abs(player.y - resource.y) < 2 * REACH
            if near and id in self._players and player.score > self._players[id].score:
                return player
        return None
