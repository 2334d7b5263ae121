"""What is filmed: for each film a scene of the real game, over a link in memory, the same each time.

What a solution cures is taken out of it here, as its starter has it: `Half`, `Sleeping`, `Believing`.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from math import sin
from types import SimpleNamespace
from typing import Any

from msgspec.structs import replace

import netlib
from netlib import testing
from solutions.step06_authority import messages as wishes
from solutions.step06_authority import server as authority
from solutions.step06_authority import world as deciding
from solutions.step07_state_sync import server as sharing
from solutions.step07_state_sync.messages import Delta, Snapshot
from solutions.step07_state_sync.sync import State, apply, state_of
from solutions.step09_latency.link import Link
from solutions.step09_latency.slow_client import SlowClient
from solutions.step10_prediction.prediction import Prediction
from solutions.step11_interpolation.interpolation import InterpolationBuffer
from solutions.step12_reconnect import server as comeback
from solutions.step12_reconnect.session import Enter, Entered, Sessions
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import SCHEMA, WORTH, Player
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.movement import step
from workshop.game.rules.navigation import Navigator
from workshop.game.rules.plain_rules import PlainRules
from workshop.game.rules.rex import REX, let_rex_run
from workshop.game.rules.units import to_units
from workshop.game.rules.world import World
from workshop.maintenance.films.shot import Film, Shot

SEED = 7
LONG = 600.0  # seconds of a round: longer than any film
KEYS = {0.0: 0, 0.3: 1, 1.6: 0, 2.7: -1, 3.6: 1, 4.5: 0}  # from when the player presses which way
NAMES = {-1: "←", 0: "none", 1: "→"}


def pressed(now: float, shot: Shot) -> tuple[float, float]:
    """Which way the player presses now; the caption says it."""
    way = KEYS[max(time for time in KEYS if time <= now)]
    shot.say(f"key: {NAMES[way]}")
    return float(way), 0.0


async def room(network: testing.Network, snapshot_rate: float) -> tuple[netlib.Server, World]:
    """A room with the game's rules, and so many snapshots a second."""
    server = await network.serve(input_type=Move, snapshot_rate=snapshot_rate)
    return server, PlainRules(server, seed=SEED, round_seconds=LONG).world


async def frozen() -> Film:
    """04: a ring at the mouse, in a loop that waits for a message in each frame, and in one that does not."""
    async with testing.Network() as network:
        server, world = await room(network, 10.0)
        let_rex_run(server, world)
        client = await network.join(schema=SCHEMA, spectator=True)
        shot, news = Shot("each frame waits for a message", "a task receives, the loop draws"), [True]
        client.on(netlib.StateChanged, lambda event: news.append(True))
        await testing.until(lambda: REX in client.state["players"])
        rex = world.players[REX]
        waiting = (rex, rex)
        async for now in shot.frames(8):
            if shot.frame in (210, 300):
                (network.pull if shot.frame == 210 else network.plug)()
            shot.say("no message comes" if 210 <= shot.frame < 300 else "ten messages a second")
            mouse = replace(rex, x=rex.x + to_units(240 + 230 * sin(1.9 * now)))
            drawn = (mouse, client.state["players"][REX])
            waiting = drawn if news else waiting
            news.clear()
            for lane, (ring, dot) in enumerate((waiting, drawn)):
                shot.see(lane, "mouse", mouse)
                shot.see(lane, "ring", ring)
                shot.see(lane, "other", dot)
        return shot.film(world.map, shot.around())


class Claim(netlib.Input, frozen=True):
    """→ What a client claims: where it is, and which gem it has."""

    x: int
    y: int
    gem: int


class Believing(deciding.World):
    """A world that believes what clients claim."""

    def apply(self, player_id: int, move: Any) -> None:
        """Put the player there, and give it the gem."""
        player = self.players[player_id]
        points = WORTH["gem"] if self.gems.pop(move.gem, None) else 0
        self.players[player_id] = replace(player, x=move.x, y=move.y, score=player.score + points)
        if points:
            self.place_gem()


async def believed() -> Film:
    """06: a cheater, at a server that believes claims, and at one that takes wishes."""
    shot, worlds, players = Shot('a claim: "I am there"', 'a wish: "to the right"'), [], []
    async with testing.Network() as network:
        for kind, input_type in ((Believing, Claim), (deciding.World, wishes.Move)):
            server = await network.serve(input_type=input_type)
            worlds.append(kind(SEED, server.tick_rate, LONG))
            authority.GemRush(server, worlds[-1])
            players.append(await network.join(room=server, schema=SCHEMA))
        async for _ in shot.frames(8):
            cheats = shot.frame >= 60
            if cheats and shot.frame % 20 == 0:
                number, gem = next(iter(worlds[0].gems.items()))
                players[0].send_input(Claim(x=gem.x, y=gem.y, gem=number))
            if cheats and shot.frame % 2 == 0:
                players[1].send_input(wishes.Move(move=(100_000.0, 0.0), collect=True))
            scores = [world.players[it.player_id].score for world, it in zip(worlds, players, strict=True)]
            shot.say("points: {} and {}".format(*scores))
            for lane, world in enumerate(worlds):
                shot.see(lane, "player", world.players[players[lane].player_id])
                shot.see_things(lane, world.gems.values())
    return shot.film(worlds[0].map)


async def ghosts() -> Film:
    """07: what a client shows that hears only what changed, and one that hears what is gone, too."""
    shot, states = Shot("told what changed", "told what is gone, too"), [State(), State()]

    def hear(message: Any) -> None:
        for lane, told in enumerate(
            (replace(message, gone={}), message) if isinstance(message, Delta) else ()
        ):
            states[lane] = apply(states[lane], told)
        if isinstance(message, Snapshot):
            states[:] = [state_of(message), state_of(message)]

    async with testing.Network() as network:
        server = await network.serve(input_type=Move)
        world = World(seed=SEED, tick_rate=server.tick_rate, round_seconds=LONG)
        sharing.GemRush(server, world)
        client = await network.join(messages=[Snapshot, Delta])
        await testing.until(lambda: world.round.phase == "playing")
        brain = Brain(Navigator(world.map), seed=SEED)
        async for _ in shot.frames(14):
            if shot.frame % 2 == 0:
                client.send_input(brain.decide(world.state, client.player_id, world.map))
            shot.say(f"points: {world.players[client.player_id].score}")
            for message in client.poll():
                hear(message)
            for lane, state in enumerate(states):
                shot.see(lane, "player", SimpleNamespace(**state["players"][client.player_id]))
                shot.see_things(lane, (SimpleNamespace(**it) for it in state["resources"].values()))
        return shot.film(world.map, shot.around(150))


class Sleeping(Link):
    """A link that sleeps for each message, and lets the next one wait until then."""

    async def carry(self) -> None:
        """Let messages arrive, one after the other."""
        while True:
            _, deliver = await self._under_way.get()
            await asyncio.sleep(self.conditions.latency / 2)
            deliver()


async def queued() -> Film:
    """09: the same keys at once, over a link of 300 ms, and over one that sleeps for each message."""
    shot = Shot("no latency", "300 ms, in one queue", "150 ms of sleep for each message")
    links = [netlib.LinkConditions(), *[netlib.LinkConditions(latency=0.3)] * 2]
    async with testing.Network() as network, AsyncExitStack() as stack:
        server, world = await room(network, 30.0)
        players: list[SlowClient] = []
        for name in ("Ada", "Ben", "Cleo"):
            url, cable = f"ws://localhost:{server.port}", network.new_cable()
            perfect = netlib.LinkConditions()
            client = SlowClient(url, link=perfect, name=name, network=cable, messages=MESSAGES, schema=SCHEMA)
            players.append(client)
            if name == "Cleo":
                client.outgoing = Sleeping(perfect)
            await stack.enter_async_context(client)
        await testing.until(lambda: all(it.player_id in it.state["players"] for it in players))
        for it, link in zip(players, links, strict=True):
            it.link = link
        starts = [it.state["players"][it.player_id] for it in players]
        async for now in shot.frames(11):
            way = pressed(now, shot)
            for lane, it in enumerate(players):
                if shot.frame % 2 == 0:
                    it.send_input(Move(move=way))
                me = it.state["players"][it.player_id]
                shot.see(lane, "player", replace(me, x=me.x - starts[lane].x + starts[0].x, y=starts[0].y))
        return shot.film(world.map, shot.around())


class Half(Prediction):
    """A prediction that takes each snapshot as it is, and forgets what is still pending."""

    def reconcile(self, truth: Player, last_input_seq: int) -> None:
        """Go where the server says."""
        self.predicted = truth


async def rubber_band() -> Film:
    """10: oneself in the newest snapshot, half predicted, and predicted."""
    shot = Shot("no prediction: the newest snapshot", "half a prediction", "truth, drop, replay")
    async with testing.Network() as network:
        _, world = await room(network, 10.0)
        client = await network.join(
            messages=MESSAGES, schema=SCHEMA, link=netlib.LinkConditions(latency=0.25), seed=SEED
        )
        await testing.until(lambda: client.player_id in client.state["players"])
        rule = partial(step, map=world.map)
        half, whole = Half(rule), Prediction(rule)

        def take_in(_: object = None) -> None:
            for it in (half, whole):
                it.reconcile(client.state["players"][client.player_id], client.last_input_seq)

        take_in()
        client.on(netlib.StateChanged, take_in)
        async for now in shot.frames(7):
            way = pressed(now, shot)
            if shot.frame % 2 == 0:
                half.predict(Move(move=way))
                client.send(whole.predict(Move(move=way)))
            shot.see(0, "player", client.state["players"][client.player_id])
            shot.see(1, "player", half.displayed(shot.frame % 2 / 2))
            shot.see(2, "player", whole.displayed(shot.frame % 2 / 2))
        return shot.film(world.map, shot.around())


async def stutter() -> Film:
    """11: Rex at the server, in the newest snapshot, and interpolated."""
    shot = Shot("Rex at the server", "the newest snapshot", "between two snapshots, 0.15 s behind")
    link = netlib.LinkConditions(latency=0.1, jitter=0.03, loss=0.02)
    async with testing.Network() as network:
        server, world = await room(network, 10.0)
        let_rex_run(server, world)
        client = await network.join(schema=SCHEMA, spectator=True, link=link, seed=SEED)
        buffer = InterpolationBuffer()
        client.on(
            netlib.StateChanged, lambda it: buffer.add(it.tick / server.tick_rate, client.state["players"])
        )
        await testing.until(lambda: REX in client.state["players"] and buffer.snapshots)
        async for _ in shot.frames(8):
            buffer.advance(1 / 60)
            for lane, place in enumerate((world.players, client.state["players"], buffer.sample())):
                shot.see(lane, "other", place[REX])
        return shot.film(world.map, shot.around())


async def twin() -> Film:
    """12: a cable is cut; the player comes back as a newcomer, and as itself."""
    shot, worlds, enter = Shot("without a session", "with a session"), [], []
    async with testing.Network() as network:
        rooms = [await network.serve(input_type=Move, limits=netlib.Limits(grace_time=0)) for _ in "12"]
        for server in rooms:
            worlds.append(World(seed=SEED, round_seconds=LONG))
            comeback.Game(server, worlds[-1], Sessions(30.0))
        join = partial(network.join, messages=[Entered], schema=SCHEMA, reconnect_time=0)
        players = [await join(room=it) for it in rooms]
        enter = [await it.request(Enter()) for it in players]
        async for now in shot.frames(8):
            if shot.frame == 130:
                network.cut()
            if shot.frame == 220:
                players = [await join(room=it) for it in rooms]
                tokens = ("", enter[1].token)
                enter = [await it.request(Enter(token)) for it, token in zip(players, tokens, strict=True)]
            shot.say("the cable is cut" if 130 <= shot.frame < 220 else "connected")
            for lane, it in enumerate(players):
                if shot.frame % 2 == 0 and not 130 <= shot.frame < 220:
                    it.send_input(Move(move=(1.0 if now < 3 else -1.0 if 4.5 < now < 5.8 else 0.0, 0.0)))
                here = worlds[lane].players
                me = here[enter[lane].player_id]
                old = next((it for it in here.values() if it.away), None)
                shot.see(lane, "asleep", old)
                shot.see(lane, "player", None if me.away else me)
        return shot.film(worlds[0].map, shot.around())


SCENES: dict[str, Callable[[], Coroutine[Any, Any, Film]]] = {
    scene.__name__: scene for scene in (frozen, believed, ghosts, queued, rubber_band, stutter, twin)
}
