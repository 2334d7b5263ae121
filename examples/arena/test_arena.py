"""The arena is played here, in virtual time: on one network in memory, by players and by bots."""

import asyncio
import math
from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

import netlib
from examples.arena import bots, rules
from examples.arena.client import Player
from examples.arena.rules import HEALTH, HEIGHT, RADIUS, RELOAD, STEP, WIDTH, Act, Fighter, step, struck
from examples.arena.server import BOTS, Arena
from netlib import testing

SCHEMA = {"fighters": Fighter}


def a_fighter(x: float = 400.0, y: float = 280.0, **fields: Any) -> Fighter:
    return Fighter("Ada", x, y, **fields)


@pytest.mark.parametrize("move", [(1.0, 0.0), (1.0, 1.0), (-1.0, 0.3)])
def test_nobody_runs_faster_on_a_slant(move: tuple[float, float]) -> None:
    """A tick is one step at most, in any direction."""
    after = step(a_fighter(), Act(move))
    assert (after.x - 400) ** 2 + (after.y - 280) ** 2 == pytest.approx(STEP**2)


def test_nobody_leaves_the_arena() -> None:
    """A fighter that runs on in a corner stays in it."""
    after = step(a_fighter(WIDTH - RADIUS, HEIGHT - RADIUS), Act((1.0, 1.0)))
    assert (after.x, after.y) == (WIDTH - RADIUS, HEIGHT - RADIUS)


def test_a_shot_takes_time_to_reload() -> None:
    """Whoever holds the trigger fires once in so many ticks."""
    fighter, shots = a_fighter(), 0
    for _ in range(3 * RELOAD):
        shots += fighter.reload == 0
        fighter = step(fighter, Act(fire=True))
    assert shots == pytest.approx(3, abs=0.5)


def test_a_shot_hits_where_it_is_aimed() -> None:
    """It hits whoever stands there, at the rim too, never the shooter, and nobody else."""
    others = {1: a_fighter(), 2: a_fighter(402), 3: a_fighter(500)}
    assert [struck(1, aim, others) for aim in ((400, 280), (500 + RADIUS, 280), (450, 280))] == [2, 3, 0]
    assert struck(2, (400, 280), others) == 1


async def an_arena(network: testing.Network, **options: Any) -> Arena:
    """Open an arena in which its own bots do nothing."""
    arena = Arena(**{"seed": 4, "port": 0, "discoverable": False, "network": network, **options})
    arena.decide = lambda id: Act()  # type: ignore[method-assign]
    await network.serve(lambda **_: arena.server)
    return arena


@pytest.mark.parametrize("health", [1, 3])
@testing.in_virtual_time
async def test_a_hit_is_a_point_and_hurts(health: int) -> None:
    """Whoever has taken too many hits begins again somewhere else, with its points."""
    async with testing.Network() as network:
        arena = await an_arena(network)
        ada: netlib.Client[Any] = await network.join(schema=SCHEMA)
        await testing.until(lambda: ada.player_id in arena.fighters, "Ada is in the arena")
        arena.fighters = {id: a_fighter(400, 20 + 40 * n) for n, id in enumerate(BOTS)}
        arena.fighters |= {ada.player_id: a_fighter(100), BOTS[0]: a_fighter(300, health=health, score=7)}
        await testing.ticks(arena.server, 2)
        ada.send_input(Act(aim=(290, 285), fire=True))
        await testing.until(lambda: ada.last_input_seq, "the shot")
        victim = arena.fighters[BOTS[0]]
        assert arena.fighters[ada.player_id].score == 1
    assert (victim.health, victim.score) == (HEALTH if health == 1 else health - 1, 7)
    assert ((victim.x, victim.y) == (300, 280)) == (health == 3)


@testing.in_virtual_time
async def test_a_shot_is_judged_by_what_was_seen() -> None:
    """Whoever has moved on is hit where it was on the screen; without lag compensation, where it is."""
    async with testing.Network() as network:
        arena = await an_arena(network)
        ada: netlib.Client[Any] = await network.join(schema=SCHEMA)
        await testing.until(lambda: ada.player_id in arena.fighters, "Ada is in the arena")
        arena.fighters |= {ada.player_id: a_fighter(100), BOTS[0]: a_fighter(300, 500)}
        tick = await testing.ticks(arena.server, 2)
        arena.fighters[BOTS[0]] = a_fighter(320, 20)
        await testing.ticks(arena.server, 2)
        for seq, shown in enumerate((None, netlib.Sample(tick, {})), 1):
            ada.send_input(Act(aim=(300, 500), fire=True), shown=shown)
            await testing.until(lambda seq=seq: ada.last_input_seq == seq, "the shot")  # type: ignore[misc]
            assert arena.fighters[ada.player_id].score == seq - 1
            arena.fighters[ada.player_id] = replace(arena.fighters[ada.player_id], reload=0)


@testing.in_virtual_time
async def test_a_player_moves_at_once_and_is_where_the_server_has_it() -> None:
    """Over a slow link one's own fighter answers in the first tick, and prediction is right."""
    async with testing.Network() as network:
        await network.serve(lambda **options: Arena(seed=1, **options).server)
        link = netlib.LinkConditions(latency=0.2)
        client: netlib.Client[Any] = await network.join(schema=SCHEMA, link=link)
        player = Player(client)
        async for dt in netlib.frames(60):
            held = Act((1.0, 0.0))
            player.act(dt, held)
            player.see(dt, held)
            if len(player.me.pending_inputs) == 3 and player.me.truth:
                assert player.fighters[client.player_id].x >= player.me.truth.x + 3 * STEP
            if client.last_input_seq > 30:
                break
        assert player.me.verdict.kind == "matched"
        assert len(player.fighters) == 1 + len(BOTS)


@testing.in_virtual_time
async def test_whoever_leaves_is_gone() -> None:
    """Its fighter goes with it."""
    async with testing.Network() as network:
        server = await network.serve(lambda **options: Arena(**options).server)
        ada = await network.join("Ada", schema=SCHEMA)
        ben = await network.join("Ben", schema=SCHEMA)
        await testing.until(lambda: ben.player_id in ada.state["fighters"], "Ada sees Ben")
        await ben.close()
        await testing.until(lambda: ben.player_id not in ada.state["fighters"], "Ben is gone")
        assert len(server.players) == 1


@testing.in_virtual_time
async def test_bots_join_and_shoot() -> None:
    """A bot that is a client runs about, and hits now and then; it ends with the server."""
    async with testing.Network() as network:
        arena = await an_arena(network)
        address = f"127.0.0.1:{arena.server.port}"
        playing = [asyncio.create_task(bots.play(address, f"Bot {n}", network=network)) for n in (5, 6)]
        await testing.until(lambda: len(arena.fighters) == 2 + len(BOTS), "both are here")
        both = arena.fighters.keys() - set(BOTS)
        await testing.until(lambda: all(arena.fighters[id].score for id in both), "both hit", timeout=120)
    await asyncio.gather(*playing)


@pytest.mark.parametrize("stride", [STEP, 3 * STEP])
@testing.in_virtual_time
async def test_the_rule_is_in_one_place(monkeypatch: pytest.MonkeyPatch, stride: float) -> None:
    """Whoever changes the speed changes it for all: the server, what is predicted, and bots of both kinds."""
    monkeypatch.setattr(rules, "STEP", stride)
    async with testing.Network() as network:
        server = await network.serve(lambda **options: Arena(seed=1, **options).server)
        client = await network.join("Ada", schema=SCHEMA, link=netlib.LinkConditions(latency=0.2))
        bot = asyncio.create_task(bots.play(f"127.0.0.1:{server.port}", "Bot 5", network=network))
        player, seen = Player(client), list[dict[int, Fighter]]()
        client.on(netlib.StateChanged, lambda event: seen.append(dict(client.state["fighters"])))
        async for dt in netlib.frames(60):
            player.act(dt, Act((1.0, 0.0)))
            player.see(dt, Act((1.0, 0.0)))
            if len(seen) > 60:
                break
        assert player.me.verdict.kind == "matched"
    await bot
    fastest = {id: max(strides(seen, id)) for id in seen[-1]}
    assert len(fastest) == 2 + len(BOTS)
    assert all(0.75 * stride < fast < 1.01 * stride for fast in fastest.values()), fastest


def strides(seen: list[dict[int, Fighter]], id: int) -> list[float]:
    """How far a fighter went from snapshot to snapshot; not where it was hit and began again elsewhere."""
    places = [(it[id].x, it[id].y) for it in seen if id in it]
    return [far for before, after in pairwise(places) if (far := math.dist(before, after)) < 4 * STEP]
