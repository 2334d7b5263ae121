"""The lab's room: Gem Rush as everybody plays it, and shots, bumps and any tick rate."""

import random
from collections import deque
from math import ceil, hypot
from typing import Any

import msgspec
from msgspec.structs import replace

import netlib
from netlib.lag_compensation import History
from netlib.transport.tcp import Network
from workshop.game.rules.attendance import Attendance
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.messages import Move
from workshop.game.rules.movement import step
from workshop.game.rules.units import BODY, TICK_RATE, TOP_SPEED, to_units
from workshop.game.rules.world import World
from workshop.lab.engine.settings import Settings
from workshop.lab.engine.wire import WireLog
from workshop.lab.marks import Mark

HOST = "127.0.0.1"  # nobody else can join
HOURS = 36_000.0  # seconds of a round: longer than a class
AREA, GRID, RESOURCES = (640, 380), 76, 16  # pixels in the middle where they lie, between two; how many
BUMP_SECONDS, BUMP_STEPS = 4.0, 6  # between two bumps; of 8 pixels
WAYS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
LOOK_BACK, SHOTS = 1.0, 20  # seconds that one may be in the past; of so many the share of hits is told


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
    count, share = ceil(TICK_RATE / tick_rate), TICK_RATE / tick_rate
    part = Move(move=(move.move[0] * share / count, move.move[1] * share / count))
    return [replace(part, collect=move.collect)] + [part] * (count - 1)


def paced_step(player: Player, move: Move, map: Map, tick_rate: float) -> Player:
    """The player one input later: the same for the server and for prediction."""
    for part in parts(move, tick_rate):
        player = step(player, part, map)
    return player


def gather(world: World) -> None:
    """Let everything lie in the middle of the map, so that the players meet there."""
    left, top = (world.map.width - to_units(AREA[0])) // 2, (world.map.height - to_units(AREA[1])) // 2
    across, down = (range(0, to_units(length) + 1, to_units(GRID)) for length in AREA)
    free = [(left + x, top + y) for x in across for y in down if world.map.is_free(left + x, top + y, BODY)]
    world.map.spots, found = tuple(free), random.Random(world.map.seed).sample(free, RESOURCES)
    kept = list(world.resources.items())[::2]  # of each kind half
    world.resources = {id: replace(it, x=x, y=y) for (id, it), (x, y) in zip(kept, found, strict=False)}


class _Server(netlib.Server):
    """A server that tells when the inputs of one player arrive."""

    wire: WireLog
    watched = 0

    def handle(self, caller: Any, message: Any) -> bool:
        if isinstance(message, Aim) and caller.seat and caller.seat.peer.id == self.watched:
            self.wire.arrived("input", message.seq, netlib.clock())
        return super().handle(caller, message)


class Room:
    """A server with the game in it. The player that it watches is bumped, and may shoot."""

    def __init__(self, settings: Settings, wire: WireLog, *, seed: int, port: int, network: Network) -> None:
        self.settings, rate = settings, settings.tick_rate
        options: dict[str, Any] = {"host": HOST, "port": port, "next_port": True, "discoverable": False}
        options |= {"tick_rate": rate, "input_type": Aim, "seed": seed, "network": network}
        self.server = _Server("The lab", **options)
        self.server.wire = wire
        self.world = World(seed=seed, tick_rate=rate, round_seconds=HOURS)
        gather(self.world)
        self.truth: dict[str, dict[int, Any]] = {name: dict(of) for name, of in self.world.state.items()}
        self.applied, self.shots = 0, deque[Shot](maxlen=SHOTS)  # the newest input that is in the truth
        self._attendance = Attendance(self.server, self.world)
        self._past = History(rate, {"players": ("x", "y")}, seconds=LOOK_BACK, max_speed=TOP_SPEED)
        self._random = random.Random(seed)
        self.server.on_tick(self._tick)

    def bump(self) -> None:
        """Push the watched player aside, which no client can foresee."""
        way, players, watched = self._random.choice(WAYS), self.world.players, self.server.watched
        for _ in range(BUMP_STEPS if watched in players else 0):
            players[watched] = step(players[watched], Move(move=way), self.world.map)

    def _tick(self, dt: float) -> None:
        world, tick = self.world, self.server.tick
        for peer in self._attendance.in_turn():
            for move in peer.take_inputs():
                for part in parts(move, self.settings.tick_rate):
                    world.apply(peer.id, part)
                if peer.id == self.server.watched:
                    self._judge(move)
        if tick % round(BUMP_SECONDS * self.settings.tick_rate) == 0:
            self.bump()
        world.advance(tick)
        self.truth = {name: dict(of) for name, of in world.state.items()}
        share = self.settings.snapshot_rate / self.settings.tick_rate  # of the ticks, evenly
        if int(tick * share + 1e-9) != int((tick - 1) * share + 1e-9):
            self._past.add(tick, self.truth)
            self.server.wire.sent(Mark("snapshot", tick, netlib.clock()))
            self.server.publish(self.truth)

    def _judge(self, move: Aim) -> None:
        """Note an input, and say whether its shot hits: what the player saw, or what is there now."""
        self.applied = move.seq
        if move.at is not None:
            seen = self._past.seen(move)["players"] if self.settings.lag_compensation else self.world.players
            target = seen.get(move.target)
            hit = target is not None and hypot(target.x - move.at[0], target.y - move.at[1]) <= BODY
            self.shots.append(Shot(netlib.clock(), move.at, hit))
