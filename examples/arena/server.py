"""The server: it alone decides who is hit, by what the shooter saw."""

import random
from typing import Any

from msgspec.structs import replace

import netlib
from examples.arena import rules
from examples.arena.rules import BLENDED, HEIGHT, RADIUS, TICK_RATE, WIDTH, Act, Fighter
from netlib.lag_compensation import History

LOOK_BACK = 1.0  # seconds: at 200 ms and 2 % loss, others are seen up to 0.9 s late
BOTS = range(1_000_001, 1_000_005)  # their ids, far from those of players


class Arena:
    """A room with the game in it; ``options`` are `netlib.Server`'s."""

    def __init__(self, *, seed: int | None = None, **options: Any) -> None:
        self.server = netlib.Server("Arena", input_type=Act, tick_rate=TICK_RATE, **options)
        self.random = random.Random(seed)
        self.fighters = {id: Fighter(f"Bot {n}", *self.place()) for n, id in enumerate(BOTS, 1)}
        self.history = History(TICK_RATE, BLENDED, seconds=LOOK_BACK)
        self.server.on(netlib.Left, lambda event: self.fighters.pop(event.peer.id, None))
        self.server.on_tick(self.tick)

    def place(self) -> tuple[float, float]:
        """Somewhere in the arena."""
        return self.random.randint(RADIUS, WIDTH - RADIUS), self.random.randint(RADIUS, HEIGHT - RADIUS)

    def tick(self, dt: float) -> None:
        """Everybody's turn, then the news to all, which are kept: somebody will shoot at what they show."""
        for peer in self.server.players:
            self.fighters.setdefault(peer.id, Fighter(peer.name, *self.place()))
            for act in peer.take_inputs():
                self.apply(peer.id, act)
        for id in BOTS:
            self.apply(id, self.decide(id))
        self.server.publish({"fighters": self.fighters})
        self.history.add(self.server.tick, {"fighters": self.fighters})

    def apply(self, id: int, act: Act) -> None:
        """Fire and move. Whoever is hit on the shooter's screen is hit, wherever it is by now."""
        me = self.fighters[id]
        if act.fire and not me.reload:
            victim = rules.struck(id, act.aim, self.history.seen(act)["fighters"])
            if hit := self.fighters.get(victim):
                health, (x, y) = hit.health - 1, self.place() if hit.health == 1 else (hit.x, hit.y)
                hit = replace(hit, x=x, y=y, health=health or rules.HEALTH, hurt=rules.FLASH)
                self.fighters[victim], me = hit, replace(me, score=me.score + 1)
        self.fighters[id] = rules.step(me, act)

    def decide(self, id: int) -> Act:
        """What a bot does in this tick."""
        return rules.bot_act(self.server.time + 2 * id, self.fighters, self.random)
