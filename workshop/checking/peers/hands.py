"""Clients without a window, whose keys a check presses; and where to walk."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from math import hypot

import msgspec

import netlib
from workshop.checking.lab import Lab
from workshop.checking.program import PATIENCE
from workshop.checking.verdict import Wrong
from workshop.checking.waiting import until
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Player, Resource
from workshop.game.rules.maps import Map, Point, make_map
from workshop.game.rules.navigation import Navigator
from workshop.game.rules.units import BODY, REACH, STEP_UNITS

LEEWAY = 7  # world units by which a place in reach is nearer than the reach
ASK_SECONDS = 1.0  # without any state after which a client sends something


class Wish(netlib.Input, frozen=True, kw_only=True, omit_defaults=False):
    """What a client sends for one tick."""

    move: tuple[float, float] = (0.0, 0.0)
    collect: bool = False


class SeenSnapshot(msgspec.Struct, frozen=True):
    """What a snapshot said: its tick, the newest of our inputs in it, where we are."""

    tick: int
    seq: int
    x: int
    y: int


class Hand:
    """A client in a room.

    Attributes:
        seen: what each snapshot said.
    """

    def __init__(self, client: netlib.Client, lab: Lab) -> None:
        self.client, self.lab = client, lab
        self.seen: list[SeenSnapshot] = []
        client.on(netlib.StateChanged, self._note)

    @property
    def me(self) -> Player:
        """Our player, as the newest snapshot has it."""
        player: Player = self.client.state["players"][self.client.player_id]
        return player

    @property
    def place(self) -> Point:
        """Where it is, in world units."""
        return self.me.x, self.me.y

    @property
    def gems(self) -> Mapping[int, Resource]:
        """What lies on the map."""
        gems: Mapping[int, Resource] = self.client.state["resources"]
        return gems

    @property
    def map(self) -> Map:
        """The map that is played on."""
        return make_map(self.client.state["round"][ROUND_ID].seed)

    def _note(self, event: netlib.StateChanged) -> None:
        if self.client.player_id in self.client.state["players"]:
            self.seen.append(SeenSnapshot(event.tick, self.client.last_input_seq, *self.place))

    def send(self, *wishes: Wish) -> int:
        """Send wishes all at once; return the number of the last."""
        return [self.client.send_input(wish) for wish in wishes][-1]

    async def do(self, *wishes: Wish) -> tuple[int, int]:
        """Send wishes all at once, wait until the last one is applied, and return how far we have moved."""
        x, y = self.place
        await self.applied(self.send(*wishes))
        return self.me.x - x, self.me.y - y

    async def applied(self, seq: int) -> SeenSnapshot:
        """Wait for the first snapshot with the effect of an input.

        Raises:
            Wrong: the server does not take it.
        """
        if not await until(lambda: self.seen[-1].seq >= seq):
            saw = f"{PATIENCE:.0f} seconds later it has taken none of them"
            raise Wrong("the server applies each input in one of the next ticks", saw, "not_taken")
        return next(seen for seen in self.seen if seen.seq >= seq)

    async def later(self, ticks: int) -> None:
        """Wait for a snapshot of so many ticks later. Raises `Wrong`: none comes."""
        tick = self.seen[-1].tick + ticks
        if not await until(lambda: self.seen[-1].tick >= tick):
            expected = "every tick the state goes to everybody, whether there are inputs or not"
            saw = f"after the last input no state came for {PATIENCE:.0f} seconds"
            raise Wrong(expected, saw, "silent_without_inputs")

    async def walk(self, goal: Point, ways: Navigator) -> None:
        """Go near a place, one input for each snapshot."""
        while hypot(goal[0] - self.me.x, goal[1] - self.me.y) > REACH / 2:
            self.send(Wish(move=ways.direction(*self.place, *goal)))
            await self.later(1)
        await self.do(Wish())

    async def step_to(self, goal: Point) -> None:
        """Go to a place that is near, as exactly as steps can be made shorter."""
        for _ in range(2 * REACH // STEP_UNITS):
            away = ((goal[0] - self.me.x) / STEP_UNITS, (goal[1] - self.me.y) / STEP_UNITS)
            length = max(1.0, hypot(*away))
            await self.do(Wish(move=(away[0] / length, away[1] / length)))


@contextlib.asynccontextmanager
async def hands(lab: Lab, *names: str, seed: int) -> AsyncIterator[list[Hand]]:
    """The stage's server, and clients of ours that have joined and see themselves on the map."""
    async with lab.server("--seed", seed) as (_, port), contextlib.AsyncExitStack() as stack:
        found = []
        for name in names:
            client = netlib.connect(f"ws://127.0.0.1:{port}", name=name, schema=SCHEMA)
            hand = Hand(await stack.enter_async_context(client), lab)
            found.append(hand)
            if not await begun(hand):
                saw = f"no state with its own player after {PATIENCE:.0f} seconds"
                raise Wrong("a newcomer is on the map, and is sent the state every tick", saw, "not_begun")
        yield found


async def begun(hand: Hand) -> list[SeenSnapshot] | None:
    """What a client sees as soon as it sees itself; a client that gets nothing asks with an input."""
    if not await until(lambda: hand.seen, ASK_SECONDS):
        hand.send(Wish())
    return await until(lambda: hand.seen)


def next_gem(gems: Mapping[int, Resource], here: Point) -> int:
    """The id of the nearest gem that lies alone, so that nobody beside it is in reach of another."""

    def alone(gem: Resource) -> bool:
        return all(it is gem or hypot(it.x - gem.x, it.y - gem.y) > 3 * REACH for it in gems.values())

    lonely = [id for id, gem in gems.items() if alone(gem)] or list(gems)
    return min(lonely, key=lambda id: hypot(gems[id].x - here[0], gems[id].y - here[1]))


def between(gems: Mapping[int, Resource], map: Map, *, later: bool) -> tuple[int, int, Point] | None:
    """A place where two gems are just in reach: the nearer one (came it later?), the other, the place."""
    for near, far in ((a, b) for a in gems for b in gems if a != b and (a > b) is later):
        ways = gems[near].x - gems[far].x, gems[near].y - gems[far].y
        share = (REACH - LEEWAY) / hypot(*ways)
        place = round(gems[far].x + share * ways[0]), round(gems[far].y + share * ways[1])
        if (1 - share) * hypot(*ways) < REACH - 2 * LEEWAY and map.is_free(*place):
            return near, far, place
    return None


def far_from_all(map: Map, gems: Mapping[int, Resource]) -> Point:
    """A place to start where no gem is in reach, nor nearly."""

    def nearest(place: Point) -> float:
        return min(hypot(gem.x - place[0], gem.y - place[1]) for gem in gems.values())

    return next((it for it in map.spawns if nearest(it) > 2 * REACH + BODY), max(map.spawns, key=nearest))
