"""What really crosses each connection, cut, stalled, resumed or in parts: nothing that is another's."""

import random
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import netlib
from netlib import testing
from netlib.client.dial import Witness
from netlib.interest import Private, Views
from netlib.protocol.codecs import Codec
from netlib.protocol.frames import Ack
from netlib.state.state import Entity
from tests.support.snapshots import both

CELL, SIDE = 10, 60
TOKEN = re.compile(rb"tag\d+;")
WAIT = 20.0  # seconds of virtual time


class Thing(Entity, frozen=True):
    x: int
    y: int
    tag: str


class Card(Entity, frozen=True):
    tag: str


SCHEMA = {"things": Thing, "hand": Card}


class Tap(Witness):
    """Keeps the tags in all that comes over a client's connections."""

    def __init__(self) -> None:
        self.tags: set[bytes] = set()

    def received(self, data: bytes) -> None:
        self.tags |= {*TOKEN.findall(data)}


class Player:
    """A client, what it was sent, and what it may have been sent."""

    def __init__(self, client: netlib.Client, tap: Tap, peer: netlib.Peer) -> None:
        self.client, self.tap, self.peer = client, tap, peer
        self.allowed: set[bytes] = set()
        self.truth: dict[int, Any] = {}
        self.wrong: list[str] = []
        client.on(netlib.StateChanged, lambda _: self._compare())

    def may_see(self, tick: int, part: dict[str, Any]) -> None:
        self.truth[tick] = part
        self.allowed |= {*TOKEN.findall(repr(part).encode())}

    def _compare(self) -> None:
        if dict(self.client.state) != self.truth.get(self.client.tick):
            self.wrong.append(f"{self.peer.name} has in {self.client.tick} what is not so")


class Game:
    """A room whose world and hands change, and in which players look around."""

    def __init__(self, network: testing.Network, server: netlib.Server, seed: int, size: int) -> None:
        self.network, self.server, self.random = network, server, random.Random(seed)
        self.views = Views(server, cell=CELL, radius=CELL, positions={"things": ("x", "y")})
        self.players: list[Player] = []
        self.size, self.number = size, 0
        self.things: dict[int, Thing] = {}
        self.hands: dict[int, dict[int, Card]] = {}

    async def join(self, codec: Codec) -> None:
        tap = Tap()
        name = f"Player {len(self.players)}"
        client = await self.network.join(name, codec=codec, schema=SCHEMA, witness=tap)
        (peer,) = (peer for peer in self.server.peers if peer.id == client.player_id)
        player = Player(client, tap, peer)
        if self.server.publisher.newest is not None:
            player.may_see(self.server.publisher.tick or 0, self.part(peer, None))
        self.players.append(player)

    def tag(self) -> str:
        self.number += 1
        return f"tag{self.number};" * self.size

    def part(self, peer: netlib.Peer, focus: Any) -> dict[str, Any]:
        things = {id: one for id, one in self.things.items() if focus and near(focus, one)}
        return {"things": things, "hand": self.hands.get(peer.id, {})}

    def publish(self) -> None:
        """Change a part of everything, let all look somewhere, and publish."""
        self.server.update()
        for id in range(12):
            if self.random.random() < 0.4:
                self.things.pop(id, None)
                x, y = self.random.randrange(-SIDE, SIDE), self.random.randrange(-SIDE, SIDE)
                if self.random.random() < 0.8:
                    self.things[id] = Thing(x, y, self.tag())
        for player in self.players:
            if self.random.random() < 0.5:
                self.hands[player.peer.id] = {id: Card(self.tag()) for id in range(self.random.randrange(3))}
            focus = self.look(player)
            player.may_see(self.server.tick, self.part(player.peer, focus))
        self.server.publish({"things": self.things, "hand": Private(self.hands)})

    def look(self, player: Player) -> Any:
        where = self.random.random()
        if where < 0.1:
            self.views.see_nothing(player.peer)
            return None
        if where < 0.2:
            self.views.see_all(player.peer)
            return "all"
        focus = self.random.randrange(-SIDE, SIDE), self.random.randrange(-SIDE, SIDE)
        self.views.focus(player.peer, *focus)
        return focus


def near(focus: Any, thing: Thing) -> bool:
    if focus == "all":
        return True
    return all(
        (centre - CELL) // CELL <= place // CELL <= (centre + CELL) // CELL
        for centre, place in zip(focus, (thing.x, thing.y), strict=True)
    )


doings = st.sampled_from(["publish", "publish", "wait", "cut", "stall", "go on", "ask", "join", "leave"])
steps = st.lists(st.tuples(doings, st.integers(0, 3)), min_size=5, max_size=25)


@both
@settings(max_examples=25)
@given(steps=steps, seed=st.integers(0, 99), size=st.sampled_from([1, 2000]))
def test_no_connection_carries_what_its_player_may_not_see(
    codec: Codec, steps: Any, seed: int, size: int
) -> None:
    """And after each snapshot, a player's state is its part of the truth of that tick, and all of it."""
    testing.run(played(codec, steps, seed, size))


async def played(codec: Codec, steps: Any, seed: int, size: int) -> None:
    async with testing.Network() as network:
        game = Game(network, await network.serve(manual=True), seed, size)
        for _ in range(2):
            await game.join(codec)
        for what, number in steps:
            await done(game, what, game.players[number % len(game.players)], codec)
        for player in game.players:
            network.cable(player.client).go_on("client")
        game.publish()
        for player in game.players:
            await testing.until(lambda player=player: player.client.tick == game.server.tick, timeout=WAIT)  # type: ignore[misc]
        for player in game.players:
            assert not player.wrong
            assert dict(player.client.state) == player.truth[game.server.tick]
            assert player.tap.tags <= player.allowed


async def done(game: Game, what: str, player: Player, codec: Codec) -> None:
    """Do what was drawn."""
    cable = game.network.cable(player.client)
    match what:
        case "publish":
            game.publish()
        case "wait":
            await testing.until(lambda: all(each.client.connected for each in game.players), timeout=WAIT)
        case "cut":
            cable.cut()
        case "stall":
            cable.stall("client")
        case "go on":
            cable.go_on("client")
        case "ask":
            game.server.roster.seats[player.peer.id].acknowledge(Ack(tick=0))
        case "join" if len(game.players) < 4:
            await game.join(codec)
        case "leave" if len(game.players) > 2:
            cable.go_on("client")
            await player.client.close()
            game.players.remove(player)
            game.hands[player.peer.id] = {1: Card(game.tag())}  # of somebody who has left
