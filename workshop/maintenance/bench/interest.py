"""What it costs that each player sees only what is near: CPU and bytes per player, in small rooms and large.

Run it with ``python -m workshop.maintenance.bench.interest [--rounds 7]``. The players are spread
evenly along roads of a hundred that do not see each other, so that a large room has as many ends for each
player as a small one: at the end of a road one sees less. Each walks between two snapshots. There are no
sockets, so that these are not what is measured: what a server sends is counted. It ends with 1 when the
largest room costs a player more than a fifth more, or sends it that, than the smallest.
"""

import argparse
import gc
import random
import statistics
import sys
import time
from typing import Any, NamedTuple

import netlib
from netlib.interest import Views
from netlib.play.timing import RateLimit
from netlib.protocol.codecs import CODECS, Codec
from netlib.protocol.frames import Hello
from workshop.maintenance.bench.server_load import positive

COUNTS, SEEN = (100, 300, 1000), 40  # players in a room, and those that each sees
ON_ROAD = 100  # players
RATE, SNAPSHOTS = 5, 20  # per second, and in a round
CELL = 256  # units; a player sees its own cell and those around it, and a road is as wide
LENGTH = CELL * next(n for n in range(3, ON_ROAD) if (3 - 2 / n) * ON_ROAD / n <= SEEN)  # units, of a road
BETWEEN = 3 * CELL  # units, from one road to the next
STEP = 20  # units that a player walks between two snapshots, at most, along the road
FLAT = 1.2  # times that the largest room may cost of the smallest


class Player(netlib.Entity, frozen=True):
    """Somebody who walks."""

    name: str
    x: int
    y: int


class Wire:
    """Stands for a connection, and for who is connected: it counts bytes."""

    buffered, ready, address = 0, True, "bench"

    def __init__(self, codec: Codec) -> None:
        self.sent, self.connection, self.codec, self.parts = 0, self, codec, True
        self.rate, self.refused = RateLimit(1, 1), dict[str, int]()

    def send(self, data: bytes, *, binary: bool) -> None:
        """Count it."""
        self.sent += len(data)


class Figures(NamedTuple):
    """What a round cost, for each player and snapshot."""

    seconds: float
    bytes: float


class Crowd:
    """A room full of players, who all walk; each sees `SEEN` of them on average, and fewer at the ends."""

    def __init__(self, codec: Codec, count: int) -> None:
        self.count, self._random = count, random.Random(7)
        limits = netlib.Limits(max_players=count, max_connections=count)
        self._server = netlib.Server("bench", port=0, discoverable=False, limits=limits)
        self._views = Views(self._server, cell=CELL, radius=CELL, positions={"players": ("x", "y")})
        self._wires = [self._join(Wire(codec), f"Player {number}") for number in range(count)]
        self._peers = {peer.id: peer for peer in self._server.peers}
        self._players = {id: Player(f"{id}", self._random.randrange(LENGTH), 0) for id in self._peers}
        self.round()

    def _join(self, wire: Any, name: str) -> Wire:
        roster = self._server.roster
        admitted: Any = roster.sessions.admit(Hello(1, name), "", self._server.limits)
        roster.add(admitted.session).attach(wire)
        return wire  # type: ignore[no-any-return]

    def round(self) -> Figures:
        """Send some snapshots."""
        gc.collect()
        before, begun = sum(wire.sent for wire in self._wires), time.process_time()
        for _ in range(SNAPSHOTS):
            self._walk()
            for id, player in self._players.items():
                self._views.focus(self._peers[id], player.x, player.y)
            self._server.publish({"players": self._players})
        took, sent = time.process_time() - begun, sum(wire.sent for wire in self._wires) - before
        return Figures(took / SNAPSHOTS / self.count, sent / SNAPSHOTS / self.count)

    def _walk(self) -> None:
        for id, one in list(self._players.items()):
            x = min(max(one.x + self._random.randint(-STEP, STEP), 0), LENGTH - 1)
            y = (id - 1) // ON_ROAD * BETWEEN + self._random.randrange(CELL)
            self._players[id] = Player(one.name, x, y)


def main() -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=positive, default=7, help="of each room, in turn")
    flat = [tell(codec, parser.parse_args().rounds) for codec in CODECS]
    return 0 if all(flat) else 1


def tell(codec: Codec, rounds: int) -> bool:
    """Print what each room costs. Returns whether it is about the same for each player."""
    crowds = [Crowd(codec, count) for count in COUNTS]
    found = [[crowd.round() for crowd in crowds] for _ in range(rounds)]
    costs = [Figures(*map(statistics.median, zip(*each, strict=True))) for each in zip(*found, strict=True)]
    for count, (seconds, size) in zip(COUNTS, costs, strict=True):
        cost = f"{seconds * RATE:.4%} of a core and {size * RATE:.0f} bytes/s each"
        print(f"{codec.name:11} {count:5} players: {cost}")
    ratios = [last / first for first, last in zip(costs[0], costs[-1], strict=True)]
    print(f"{codec.name:11} the largest to the smallest: CPU {ratios[0]:.2f}, bytes {ratios[1]:.2f}")
    return max(ratios) <= FLAT


if __name__ == "__main__":
    sys.exit(main())
