"""Telemetry: what a client knows, in the words and numbers of the screen."""

import asyncio
from functools import partial

import pytest

import netlib
from netlib import testing
from netlib.state.state import State
from solutions.step14_public.server import make_server
from workshop.game.play.controls import Controls
from workshop.game.play.telemetry import (
    CUT,
    MOST_ENTITIES,
    measured,
    reading,
    scene_of,
    status,
    wait_of,
    why_lost,
)
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Player, Resource, Round
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.movement import step

SEED = 5
LINK, BAD = netlib.LinkConditions(0.2), netlib.LinkConditions(0.1, 0.02, 0.01)


@testing.in_virtual_time
async def test_what_a_client_knows() -> None:
    """Round trip, traffic, delay, error and switches are those of the client and its helpers."""
    async with testing.Network() as network:
        server = await network.serve(make_server, seed=SEED)
        client = await network.join("Ada", messages=MESSAGES, schema=SCHEMA, link=LINK)
        me: netlib.Predictor[Player, Move] = netlib.Predictor(partial(step, map=make_map(SEED)))
        others = netlib.InterpolationBuffer({"players": ("x", "y")}, tick_rate=client.tick_rate)
        controls = Controls()
        controls.interpolation = False
        await asyncio.sleep(3.0)
        reading(client, controls)  # a rate is that since it was last asked for
        await asyncio.sleep(2.0)
        seen = reading(client, controls, **measured(me, others))
        assert seen.rtt == pytest.approx(0.2, abs=0.05)
        assert seen.snapshots_per_second == pytest.approx(30, abs=1)
        assert seen.bytes_per_second_in and seen.bytes_per_second_out
        assert (seen.prediction_error, seen.corrections, seen.verdict) == (0.0, 0, "matched")
        assert (seen.prediction_on, seen.interpolation_on, seen.conditions) == (True, False, LINK)
        assert seen.interpolation_delay == others.interpolation_delay
        corner = status(client, seen.rtt, 60.0)
        assert (corner.room, corner.rtt, corner.link) == ("Gem Rush", seen.rtt, str(LINK))
        assert not seen.server_simulates
        server.link = BAD
        await testing.until(lambda: reading(client, controls).server_conditions == BAD, "its news")
        client.link = netlib.PERFECT
        assert status(client, None, 60.0).link == ""


@testing.in_virtual_time
async def test_the_round_goes_on_between_snapshots() -> None:
    """The scene's tick runs on with the time since the newest state, for a second at most."""
    async with testing.Network() as network:
        await network.serve(make_server, seed=SEED)
        client = await network.join("Ada", messages=MESSAGES, schema=SCHEMA)
        await testing.snapshot(client, where=lambda state: state["players"])
        for age, ticks in ((0.0, 0.0), (0.5, 15.0), (9.0, 30.0)):
            scene = scene_of(client, {}, focus=(1, 2), received=netlib.clock() - age)
            assert scene.tick == pytest.approx(client.tick + ticks)
            assert (scene.my_id, scene.eye, scene.resources) == (1, (1, 2), client.state["resources"])


@pytest.mark.parametrize(
    ("lost", "tries", "trying", "words"),
    [
        (
            netlib.Interrupted(1001, "lunch"),
            4,
            "nothing is listening",
            "The room has closed (lunch); trying again…",
        ),
        (netlib.Interrupted(1001), 1, "code 1001", "The room has closed; trying again…"),
        (netlib.Interrupted(1006), 1, "code 1006", CUT),
        (netlib.Interrupted(1006, "nothing came for 10 s"), 1, "", "Nothing came for 10 s"),
        (netlib.Interrupted(1006), 2, "nothing is listening at home", "Nothing is listening at home"),
    ],
)
def test_why_nothing_comes(lost: netlib.Interrupted, tries: int, trying: str, words: str) -> None:
    """A closed room is called that; else it is the reason of the loss, then that of the last try."""
    assert why_lost(lost, netlib.Reconnecting(0.0, tries, 0.0, trying)) == words


@testing.in_virtual_time
async def test_the_wait_for_the_next_try() -> None:
    """It counts down to nothing while the try goes on."""
    now = netlib.clock()
    assert wait_of(netlib.Reconnecting(now, 2, now + 1.5, "")) == 1.5
    assert wait_of(netlib.Reconnecting(now, 2, now - 1.5, "")) == 0.0


CROWD = {id: Resource("gem", id, id) for id in range(MOST_ENTITIES + 1)}


@pytest.mark.parametrize("state", [{"round": {}}, {"round": {ROUND_ID: Round(SEED)}, "resources": CROWD}])
@testing.in_virtual_time
async def test_a_world_that_cannot_be_drawn_is_the_rooms_fault(state: State) -> None:
    """A room that takes its round away, or fills the map, is told from a mistake of the program."""
    async with testing.Network() as network:
        server = await network.serve()
        client = await network.join("Ada", schema=SCHEMA)
        server.publish(state)
        await testing.until(lambda: client.tick > 0, "the state")
        with pytest.raises(netlib.NotOurServer):
            scene_of(client, {}, focus=(1, 2), received=netlib.clock())
