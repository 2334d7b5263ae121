"""The lab's room: Gem Rush as everybody plays it, with shots, bumps and any tick rate."""

import random
from collections import deque
from math import ceil, hypot
from typing import Any

import msgspec
from msgspec.structs import replace

import netlib
from netlib.lag_compensation import History
from netlib.protocol.frames import PORT
from netlib.transport.tcp import TCP, Network
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step
from workshop.game.rules.units import BODY, TICK_RATE, TOP_SPEED, UNIT, to_units
from workshop.game.rules.world import World
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import Mark

HOST = "127.0.0.1"  # nobody else's lab
HOURS = 36_000.0  # seconds of a round; longer than a class
BUMP_SECONDS = 4.0  # between two bumps
BUMP_STEPS = 6  # of 8 pixels
WAYS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
LOOK_BACK = 1.0  # seconds that a shot may be in the past
SHOTS = 20  # of which the share of hits is told
AREA, RESOURCES = (800, 480), 24  # pixels in the middle of the map where all there is lies, and how much
GRID = 80  # pixels between two places for it
REMEMBERED = 5.0  # seconds for which it is known where an input has led


class Aim(Move, frozen=True, omit_defaults=True, kw_only=True, tag="input"):
    """→ A move, and now and then a shot: at this place, where that player was to be seen."""

    at: tuple[int, int] | None = None
    target: int = 0


class Shot(msgspec.Struct, frozen=True):
    """A shot that the server has judged at ``time``, in seconds of `netlib.clock`."""

    time: float
    at: Point
    hit: bool


def parts(move: Move, tick_rate: float) -> list[Move]:
    """A move as steps of the game, so that players are equally fast at each tick rate."""
    count = ceil(TICK_RATE / tick_rate)
    share = TICK_RATE / tick_rate / count
    part = Move(move=(move.move[0] * share, move.move[1] * share))
    return [replace(part, collect=move.collect)] + [part] * (count - 1)


def paced_step(player: Player, move: Move, map: Map, tick_rate: float) -> Player:
    """The player one input later: the same for server and prediction, see `parts`."""
    for part in parts(move, tick_rate):
        player = step(player, part, map)
    return player


def gather(world: World, rng: random.Random) -> None:
    """Let everything lie in the middle of the map, so that the players meet there."""
    left, top = (world.map.width - to_units(AREA[0])) // 2, (world.map.height - to_units(AREA[1])) // 2
    grid = [
        (left + to_units(x), top + to_units(y))
        for x in range(0, AREA[0] + 1, GRID)
        for y in range(0, AREA[1] + 1, GRID)
    ]
    world.map.spots = tuple(place for place in grid if world.map.is_free(*place, BODY))
    kept = rng.sample(sorted(world.resources.items()), RESOURCES)
    places = rng.sample(world.map.spots, RESOURCES)
    world.resources = {id: replace(it, x=x, y=y) for (id, it), (x, y) in zip(kept, places, strict=True)}


class _Server(netlib.Server):
    """A server that tells when the inputs of one player arrive."""

    watched: int
    wire: WireLog

    def handle(self, caller: Any, message: Any) -> bool:
        if isinstance(message, Aim) and caller.seat and caller.seat.peer.id == self.watched:
            self.wire.arrived("input", message.seq, netlib.clock())
        return super().handle(caller, message)


class Room:
    """A server with the game in it; the player that is `watched` is bumped and may shoot.

    Args:
        wire: is told when inputs of the watched player arrive, and when snapshots leave.
        seed: for the map and every random choice.
        port: on loopback; when it is taken, the next free one. 0 is any.

    Attributes:
        truth: what the server knows, as of its newest tick.
        settings: those that are the server's.
        applied: the newest input of the watched player that is in the truth.
        places: where such inputs have led, by their numbers.
        shots: those judged since the last change of the settings.
    """

    def __init__(
        self, settings: Settings, wire: WireLog, *, seed: int, port: int = PORT, network: Network = TCP
    ) -> None:
        rate, self.settings = settings.tick_rate, settings
        self.server = _Server(
            "The lab", host=HOST, port=port, next_port=True, tick_rate=rate, input_type=Aim, seed=seed,
            discoverable=False, network=network,
        )  # fmt: skip
        self.server.watched, self.server.wire = 0, wire
        self.world = World(seed=seed, tick_rate=rate, round_seconds=HOURS)
        gather(self.world, random.Random(seed))
        self.truth: dict[str, dict[int, Any]] = {name: dict(of) for name, of in self.world.state.items()}
        self.applied, self.places = 0, dict[int, Point]()
        self.shots: deque[Shot] = deque(maxlen=SHOTS)
        self._attendance = Attendance(self.server, self.world)
        self._past = History(rate, {"players": ("x", "y")}, seconds=LOOK_BACK, max_speed=TOP_SPEED)
        self._random = random.Random(seed)
        self.server.on_tick(self._tick)

    @property
    def url(self) -> str:
        """Where clients on this machine find it."""
        return f"ws://{HOST}:{self.server.port}"

    def watch(self, player_id: int, place: Point | None) -> None:
        """This is the driven player; it goes on at a place where it was in another room."""
        self.server.watched, players = player_id, self.world.players
        if place is not None:
            players[player_id] = replace(players[player_id], x=place[0], y=place[1])

    def use(self, settings: Settings) -> None:
        """Set what may change while it runs: all but the tick rate."""
        if settings.lag_compensation != self.settings.lag_compensation:
            self.shots.clear()
        self.settings = settings

    def bump(self) -> None:
        """Push the watched player aside, which nobody can foresee."""
        player = self.world.players.get(self.server.watched)
        if player is not None:
            ways = self._random.sample(WAYS, len(WAYS))
            pushed = [self._pushed(player, way) for way in ways]
            free = max(pushed, key=lambda it: abs(it.x - player.x) + abs(it.y - player.y))
            self.world.players[self.server.watched] = free
            self.places[self.applied] = (free.x, free.y)

    def _pushed(self, player: Player, way: tuple[float, float]) -> Player:
        for _ in range(BUMP_STEPS):
            player = step(player, Move(move=way), self.world.map)
        return player

    def _tick(self, dt: float) -> None:
        world, tick = self.world, self.server.tick
        for peer in self._attendance.in_turn():
            for move in peer.take_inputs():
                for part in parts(move, self.settings.tick_rate):
                    world.apply(peer.id, part)
                if peer.id == self.server.watched:
                    self._note(move)
        if tick % round(BUMP_SECONDS * self.settings.tick_rate) == 0:
            self.bump()
        world.advance(tick)
        self.truth = {name: dict(of) for name, of in world.state.items()}
        self._publish(tick)

    def _note(self, move: Aim) -> None:
        """Remember where an input has led, and judge the shot in it."""
        me = self.world.players[self.server.watched]
        self.applied, self.places[move.seq] = move.seq, (me.x, me.y)
        self.places.pop(move.seq - round(REMEMBERED * self.settings.tick_rate), None)
        if move.at is not None:
            self.shots.append(Shot(netlib.clock(), move.at, self._hits(move, move.at)))

    def _hits(self, move: Aim, at: Point) -> bool:
        """Whether the target is there: in what the player saw, or now."""
        seen = self._past.seen(move)["players"] if self.settings.lag_compensation else self.world.players
        target = seen.get(move.target)
        return target is not None and hypot(target.x - at[0], target.y - at[1]) <= BODY

    def _publish(self, tick: int) -> None:
        every = max(1, round(self.settings.tick_rate / self.settings.snapshot_rate))
        if tick % every == 0:
            self._past.add(tick, self.truth)
            self.server.wire.sent(Mark("snapshot", tick, netlib.clock()))
            self.server.publish(self.truth)


def pixels(here: Point, there: Point) -> float:
    """How far two places in world units are from each other, in pixels."""
    return hypot(here[0] - there[0], here[1] - there[1]) / UNIT
