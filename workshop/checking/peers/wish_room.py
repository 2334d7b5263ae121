"""A room that notes every input, and says where its player stands."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import netlib
from workshop.checking.lab import Lab
from workshop.checking.program import Program
from workshop.game.rules.entities import ROUND_ID, Player, Round
from workshop.game.rules.maps import Point, make_map

SEED = 316  # of a map and gems among which the walks are short
SLOW_RATE = 15  # ticks per second of our own server: fewer than any window has frames


class Heard(netlib.Input, frozen=True, kw_only=True):
    """Whatever a client sends as its input."""

    move: Any = None
    collect: Any = None
    x: Any = None
    y: Any = None


class Ears(netlib.Server):
    """A server that notes every input when it comes."""

    def __init__(self, port: int, heard: list[Heard]) -> None:
        options = {"host": "127.0.0.1", "port": port, "discoverable": False}
        super().__init__("check", tick_rate=SLOW_RATE, input_type=Heard, **options)  # type: ignore[arg-type]
        self._heard = heard

    def handle(self, caller: Any, message: Any) -> bool:
        """Note an input, and go on as usual."""
        if isinstance(message, Heard):
            self._heard.append(message)
        return super().handle(caller, message)


class WishRoom:
    """A room of ours for their client, who stands where we say."""

    def __init__(self, port: int) -> None:
        self.map, self.heard = make_map(SEED), list[Heard]()
        self.server = Ears(port, self.heard)
        self._round = Round(SEED, phase="playing", ends_at=10_000)
        self._players: dict[int, Player] = {}
        self.server.on(netlib.Joined, self._joined)
        self.server.on_tick(self._tick)

    def put(self, place: Point) -> None:
        """Let everybody stand at a place."""
        for id in self._players:
            self._players[id] = Player("Ada", 1, *place)

    def find(self, fits: Callable[[Heard], bool]) -> Heard | None:
        """The first input that fits."""
        return next((it for it in self.heard if fits(it)), None)

    def _joined(self, event: netlib.Joined) -> None:
        self._players[event.peer.id] = Player("Ada", 1, *self.map.spawns[0])

    def _tick(self, dt: float) -> None:
        for peer in self.server.players:
            peer.take_inputs()
        state: dict[str, Mapping[int, netlib.Entity]] = {
            "players": self._players,
            "resources": {},
            "round": {ROUND_ID: self._round},
        }
        self.server.publish(state)


@contextlib.asynccontextmanager
async def windowed(lab: Lab) -> AsyncIterator[tuple[WishRoom, Program]]:
    """Their client in a room of ours, with the right arrow held."""
    room = WishRoom(port := lab.ports.free())
    plays = lab.client(port, "--name", "Ada", expected="the client opens a window, and plays")
    async with room.server, plays as program:
        program.hold("right")
        yield room, program
