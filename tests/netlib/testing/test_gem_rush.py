"""The finished game, its own server and two players, as a test of a game would have it."""

import asyncio

import netlib
from netlib import testing
from solutions.step14_public.server import make_server
from workshop.game.rules.bots import Brain
from workshop.game.rules.entities import ROUND_ID, SCHEMA
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.navigation import Navigator

SEED = 5
SECONDS = 30
HOTEL = netlib.PRESETS["hotel"]


async def play(client: netlib.Client, seed: int) -> None:
    """Play like a person who is awake."""
    await testing.snapshot(client)
    map = make_map(client.state["round"][ROUND_ID].seed)
    brain = Brain(Navigator(map), seed=seed)
    for _ in range(int(SECONDS * client.tick_rate)):
        client.send_input(brain.decide(client.state, client.player_id, map))
        await asyncio.sleep(1 / client.tick_rate)


async def a_game() -> dict[str, int]:
    """Let two bots play; return what they have scored."""
    async with testing.Network() as network:
        server = await network.serve(make_server, seed=SEED, round_seconds=300)
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA)
        bob = await network.join("Bob", messages=MESSAGES, schema=SCHEMA, link=HOTEL, seed=SEED)
        await asyncio.gather(play(ada, 1), play(bob, 2))
        assert server.tick > SECONDS * server.tick_rate
        await testing.snapshot(bob, where=lambda state: state["players"] == ada.state["players"])
        return {player.name: player.score for player in ada.state["players"].values()}


def test_half_a_minute_of_gem_rush() -> None:
    """The game's own server runs in memory: two bots score, both see the same, and so it is every time."""
    scores = testing.run(a_game())
    assert sorted(scores) == ["Ada", "Bob"] and all(scores.values())
    assert testing.run(a_game()) == scores
