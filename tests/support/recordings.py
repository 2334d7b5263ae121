"""A recorded game of Gem Rush in which all happens that a replay can find; real clients, in virtual time.

``python -m tests.support.recordings FILE`` makes one with some bots, to look at.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import netlib
from netlib import testing
from netlib.recording import Film, Recorder
from solutions.step14_public.server import GemRush
from workshop.game.play.autopilot import map_of
from workshop.game.play.bot_client import NAMES
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES, Chat, Move
from workshop.game.rules.units import UNIT
from workshop.game.rules.world import World

PUSH, PULLED = 10, 0.8  # pixels by which the server moves Ada; seconds without a cable
KNOWN: dict[str, Any] = {"messages": MESSAGES, "schema": SCHEMA}
QUICK = 3  # ticks per second for the rules' times, so that a countdown takes 0.3 s


@dataclass
class Facts:
    """When things happened, in seconds of the recording, and how often Ada pressed in vain."""

    film: Film
    times: dict[str, float] = field(default_factory=dict)
    in_vain: int = 0


def a_game_to_watch(path: Path, codec: Any = netlib.JSON, bots: int = 0) -> Facts:
    """Record what Ada sees of it."""
    times: dict[str, float] = {}
    in_vain = testing.run(_play(path, codec, times, bots))
    film = Film(path)
    return Facts(film, {what: at - film.header.clock for what, at in times.items()}, in_vain)


async def _play(path: Path, codec: Any, times: dict[str, float], bots: int) -> int:
    world = World(seed=5, tick_rate=QUICK, round_seconds=3600)
    async with testing.Network() as network:
        server = await network.serve(partial(netlib.Server, "Gem Rush"), input_type=Move)
        GemRush(server, world)
        link = netlib.LinkConditions(latency=0.1)
        with Recorder(path) as recorder:
            ada = await network.join("Ada", witness=recorder, codec=codec, link=link, seed=1, **KNOWN)
            bob = await network.join("Bob", **KNOWN)
            others = [await network.join(name, **KNOWN) for name in NAMES[:bots]]
            playing = [asyncio.create_task(_roam(one, number)) for number, one in enumerate(others)]
            story = _Story(network, world, ada, bob, times)
            await story.tell()
            await ada.close()
            for task in playing:
                task.cancel()
    return story.in_vain


async def _roam(client: netlib.Client, number: int) -> None:
    map, navigator = map_of(5)
    brain = Brain(navigator, seed=number)
    while True:
        await asyncio.sleep(1 / 30)
        if client.state["round"]:
            client.send_input(brain.decide(client.state, client.player_id, map))


class _Story:
    def __init__(self, network: Any, world: World, ada: Any, bob: Any, times: dict[str, float]) -> None:
        self.network, self.world, self.ada, self.bob, self.times = network, world, ada, bob, times
        self.in_vain = 0

    def note(self, what: str) -> None:
        self.times[what] = netlib.clock()

    async def walk(self, seconds: float, **wanted: Any) -> None:
        for tick in range(round(seconds * 30)):
            for one in (self.ada, self.bob):
                if one.connected:
                    one.send_input(Move(move=(1.0 if tick % 60 < 30 else -1.0, 0.0), **wanted))
            await asyncio.sleep(1 / 30)

    async def tell(self) -> None:
        players, ada, bob = self.world.players, self.ada, self.bob
        await self.walk(2.0)
        self.note("pushed")
        players[ada.player_id] = replace(it := players[ada.player_id], y=it.y + PUSH * UNIT)
        await self.walk(1.0)
        self.note("said")
        bob.send(Chat("hello there"))
        await self.walk(1.0)
        self.note("refused")
        for _ in range(12):
            ada.send(Chat("spam"))
        await self.walk(1.0)
        self.note("pulled")
        self.network.cable(ada).pull()
        await self.walk(PULLED)
        self.network.cable(ada).plug()
        await self.walk(2.0)
        self.note("cut")
        self.network.cable(ada).refuse()
        self.network.cable(ada).cut()
        await self.walk(0.5)
        self.network.cable(ada).accept()
        await self.walk(2.0)
        for _ in range(6):
            await self.race()

    async def race(self) -> None:
        """Both stand at the same thing, and press in the same tick of the server."""
        resource = next(iter(self.world.resources.values()))
        for id, player in self.world.players.items():
            self.world.players[id] = replace(player, x=resource.x, y=resource.y)
        await asyncio.sleep(0.4)
        points = self.world.players[self.ada.player_id].score
        self.ada.send_input(Move(collect=True))
        await asyncio.sleep(0.05)
        self.bob.send_input(Move(collect=True))
        await asyncio.sleep(0.6)
        self.in_vain += self.world.players[self.ada.player_id].score == points


if __name__ == "__main__":
    a_game_to_watch(Path(sys.argv[1]), bots=6)
