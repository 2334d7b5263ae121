"""Sessions under every fault that a network in memory can play: nothing is lost, doubled or reordered."""

import asyncio
import random

import pytest

import netlib
from netlib import testing
from netlib.testing.pipe import SIDES
from tests.support.sessions import Note

MESSAGES = 50  # each way
OUTAGE = 14.0  # seconds at most: longer than the idle time, shorter than the grace time


def break_something(cable: testing.Cable, chance: random.Random) -> None:
    """Do one of the things that happen to cables; or, mostly, nothing."""
    later = asyncio.get_running_loop().call_later
    kind = chance.random()
    if kind < 0.15:
        cable.cut_after(chance.randrange(1200), to=chance.choice(SIDES))
    elif kind < 0.2:
        cable.pull()
        later(chance.uniform(0, OUTAGE), cable.plug)
    elif kind < 0.25:
        cable.refuse()
        later(chance.uniform(0, 3), cable.accept)


async def scenario(seed: int) -> list[tuple[float, str, int]]:
    """Exchange messages while the network breaks; return what arrived where, and when."""
    chance, arrived = random.Random(seed), list[tuple[float, str, int]]()
    async with testing.Network() as network:
        server = await network.serve()
        server.on_tick(lambda _: server.publish({}))
        server.on(Note, lambda _, note: arrived.append((netlib.clock(), "up", note.number)))
        link = netlib.LinkConditions(latency=chance.choice([0.0, 0.1]))
        ada = await network.join("Ada", seed=seed, link=link)
        ada.on(Note, lambda note: arrived.append((netlib.clock(), "down", note.number)))
        (player,) = server.players
        for number in range(MESSAGES):
            ada.send(Note(number))
            server.broadcast(Note(number))
            break_something(network.cable(ada), chance)
            await asyncio.sleep(chance.uniform(0, 0.3))
        network.plug()
        network.accept()
        await testing.until(lambda: len(arrived) >= 2 * MESSAGES, "all arrive", timeout=60)
        await asyncio.sleep(1)
        assert server.players == [player] and ada.player_id == player.id
    return arrived


@pytest.mark.parametrize("seed", range(20))
def test_everything_arrives_exactly_once(seed: int) -> None:
    """Whatever happens to the cable, each side gets every message once, in order; the player stays one."""
    arrived = testing.run(scenario(seed))
    for way in ("up", "down"):
        assert [number for _, there, number in arrived if there == way] == list(range(MESSAGES))


def test_faults_are_repeatable() -> None:
    """The same seed gives the same arrivals at the same times, reconnecting included."""
    assert testing.run(scenario(3)) == testing.run(scenario(3))
