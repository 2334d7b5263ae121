"""The squares are played here, in virtual time: on one network in memory, by players and by bots."""

import asyncio
from collections import defaultdict

import pytest

import netlib
from examples.square import bots, game
from examples.square.game import Square, Walk, make_server, walked
from netlib import testing

SCHEMA = {"squares": Square}
START = Square()


def test_a_square_comes_in_again_on_the_other_side() -> None:
    """It moves by its speed, and leaves no window."""
    corner = Square(0, 0)
    assert walked(corner, Walk(1, 1)) == Square(game.SPEED, game.SPEED)
    assert walked(corner, Walk(-1, 0)).x == game.WIDTH - game.SPEED


@testing.in_virtual_time
async def test_each_moves_a_square_and_both_see_both() -> None:
    """What either asks for is seen by both; what cannot be asked for is refused; who has left is gone."""
    async with testing.Network() as network:
        await network.serve(make_server)
        ada = await network.join("Ada", schema=SCHEMA)
        ben = await network.join("Ben", schema=SCHEMA)
        ada.send_input(Walk(dx=1))
        ben.send_input(Walk(dy=-1))
        both = {ada.player_id: walked(START, Walk(dx=1)), ben.player_id: walked(START, Walk(dy=-1))}
        for client in (ada, ben):
            await testing.snapshot(client, where=lambda state: state["squares"] == both)
        with pytest.raises(netlib.BadMessage):
            ada.send_input(Walk(dx=100))
        await ben.close()
        await testing.snapshot(ada, where=lambda state: ben.player_id not in state["squares"])


@testing.in_virtual_time
async def test_bots_wander_about() -> None:
    """Two bots join by themselves and get around, which a player sees; they end with the server."""
    async with testing.Network() as network:
        server = await network.serve(make_server)
        address = f"127.0.0.1:{server.port}"
        playing = [asyncio.create_task(bots.play(address, f"Bot {n}", network=network)) for n in (1, 2)]
        ada = await network.join("Ada", schema=SCHEMA)
        await testing.snapshot(ada, where=lambda state: len(state["squares"]) == 3)
        been = defaultdict[int, set[tuple[int, int]]](set)  # in which parts of the window each square was
        for _ in range(30):
            await testing.ticks(server, 30)
            for id, square in ada.state["squares"].items():
                been[id].add((square.x // 100, square.y // 100))
    await asyncio.gather(*playing)
    assert len(been.pop(ada.player_id)) == 1
    assert all(len(parts) > 10 for parts in been.values())


@pytest.mark.parametrize(("speed", "far_enough"), [(8, True), (100, False)])
@testing.in_virtual_time
async def test_the_rule_is_in_one_place(
    monkeypatch: pytest.MonkeyPatch, speed: int, far_enough: bool
) -> None:
    """Whoever changes the speed changes it for all: the server moves by it, and bots choose by it."""
    monkeypatch.setattr(game, "SPEED", speed)
    async with testing.Network() as network:
        await network.serve(make_server)
        ada = await network.join("Ada", schema=SCHEMA)
        ada.send_input(Walk(dx=1))
        await testing.until(lambda: ada.last_input_seq, "the walk")
        assert ada.state["squares"][ada.player_id].x == START.x + speed
    goal = Square(START.x + 40, START.y)
    assert bots.walk_to(goal, START) == Walk(dx=int(far_enough))
