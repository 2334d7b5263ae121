"""How many shots that were on target on the shooter's screen hit: with lag compensation, and without.

``python -m tests.programs.arena_hits`` plays `examples.arena` in virtual time: bots that see only what a
player sees, over a simulated link, against bots that run about. ``--help`` lists what can be changed.
"""

import argparse
import asyncio
import math
import random
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

import netlib
from examples.arena.client import Player
from examples.arena.rules import RADIUS, Act, Fighter, struck
from examples.arena.server import Arena
from netlib import testing

SHOOTERS = 4  # beside the arena's own bots, which shoot back
FPS = 60  # frames a second of each shooter
WARM_UP, SETTLING = 5.0, 2.0  # seconds without shots: delays are measured; the last shots arrive
EAGER = 0.03  # how likely a shooter fires in a frame that it could: about once a second
CALM = 0.8  # of a fighter's radius: how far from the middle a shooter aims at most
LINKS = {
    "perfect": netlib.PERFECT,
    "60 ms ± 15, 0.5 %": netlib.PRESETS["4g"],
    "200 ms ± 40, 2 %": netlib.LinkConditions(latency=0.2, jitter=0.04, loss=0.02),
}


class Hits(NamedTuple):
    """What became of the shots that were on target on their shooters' screens."""

    shots: int
    hits: int

    @property
    def share(self) -> float:
        """The share that hit, from 0 to 1."""
        return self.hits / self.shots


class Shooter:
    """A player that runs about, and aims well at those on its screen."""

    def __init__(self, client: netlib.Client[Any], *, compensated: bool, seed: int) -> None:
        self.client, self.player = client, Player(client)
        self.player.compensated = compensated
        self.random = random.Random(seed)
        self.way = 0.0
        self.on_target: dict[int, int] = {}  # by the number of the input, who was hit on the screen

    async def play(self, seconds: float) -> None:
        """Play for so many seconds, and wait until the last shots have arrived."""
        start, held = netlib.clock(), Act()
        async for dt in netlib.frames(FPS):
            now = netlib.clock() - start
            self.act(dt, held)
            self.player.see(dt, held)
            held = self.decide(may_fire=WARM_UP < now < seconds)
            if now > seconds + SETTLING:
                return

    def act(self, dt: float, held: Act) -> None:
        """Do what was decided by the last frame, and note whom a shot hits on the screen."""
        before, seen = self.player.me.predicted, self.player.fighters
        self.player.act(dt, held)
        now = self.player.me.predicted
        victim = struck(self.client.player_id, held.aim, seen)
        if victim and before and now and now.reload > before.reload:
            self.on_target[self.player.me.pending_inputs[-1].seq] = victim

    def decide(self, *, may_fire: bool) -> Act:
        """Run on, turn now and then, and aim at somebody on the screen."""
        if self.random.random() < 1 / FPS:
            self.way = self.random.uniform(0, math.tau)
        id, seen = self.client.player_id, self.player.fighters
        if id not in seen or len(seen) < 2:
            return Act()
        target = self.random.choice([fighter for other, fighter in seen.items() if other != id])
        act = Act((math.cos(self.way), math.sin(self.way)), self.point_on(target))
        return replace(act, fire=may_fire and self.random.random() < EAGER)

    def point_on(self, target: Fighter) -> tuple[int, int]:
        """A point on a fighter, as it is on the screen."""
        far, angle = self.random.uniform(0, CALM * RADIUS), self.random.uniform(0, math.tau)
        return round(target.x + far * math.cos(angle)), round(target.y + far * math.sin(angle))

    def hits(self, told: Mapping[tuple[int, int], int]) -> Hits:
        """How many shots hit whom they hit on the screen, by what the server has judged."""
        judged = (told.get((self.client.player_id, seq)) == victim for seq, victim in self.on_target.items())
        return Hits(len(self.on_target), sum(judged))


class Referee(Arena):
    """An arena that notes each hit: by shooter and number of the input, who was hit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.told: dict[tuple[int, int], int] = {}

    def apply(self, id: int, act: Act) -> None:
        """Note who has been hit more often after this."""
        score, health = self.fighters[id].score, {key: each.health for key, each in self.fighters.items()}
        super().apply(id, act)
        if self.fighters[id].score > score:
            now = self.fighters
            (self.told[id, act.seq],) = (key for key in health if now[key].health != health[key])


async def play(link: netlib.LinkConditions, *, compensated: bool, seed: int, seconds: float) -> Hits:
    """Let shooters play against each other and bots, and count."""
    async with testing.Network() as network:
        arena = Referee(seed=seed, port=0, discoverable=False, network=network)
        await network.serve(lambda **_: arena.server)
        shooters = []
        for n in range(seed, seed + SHOOTERS):
            client = await network.join(f"Shooter {n}", schema={"fighters": Fighter}, link=link, seed=n)
            shooters.append(Shooter(client, compensated=compensated, seed=n))
        await asyncio.gather(*(shooter.play(seconds) for shooter in shooters))
    shots, hits = zip(*(shooter.hits(arena.told) for shooter in shooters), strict=True)
    return Hits(sum(shots), sum(hits))


def count(link: netlib.LinkConditions, *, compensated: bool, seed: int = 1, seconds: float) -> Hits:
    """Play in virtual time; the same arguments give the same hits."""
    return testing.run(play(link, compensated=compensated, seed=seed, seconds=seconds), real_limit=3600)


def main(typed: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="of the game, for each row (60)")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(typed)
    print("| link | shots on target | hit with lag compensation | without |\n| --- | --- | --- | --- |")
    for name, link in LINKS.items():
        on, off = (count(link, compensated=c, seed=args.seed, seconds=args.seconds) for c in (True, False))
        print(f"| {name} | {on.shots}, {off.shots} | {on.share:.1%} | {off.share:.1%} |", flush=True)


if __name__ == "__main__":
    main()
