"""Rex runs up and down for others to watch."""

from itertools import groupby, pairwise

from netlib import testing
from workshop.game.rules.rex import LAP, REX, let_rex_run
from workshop.game.rules.world import World


@testing.in_virtual_time
async def test_he_turns_after_each_lap() -> None:
    """He takes a step in each tick: half a lap to the right from where he began, then a lap each way."""
    world = World(seed=1)
    async with testing.Network() as network:
        server = await network.serve()
        let_rex_run(server, world)
        places = [world.players[REX].x]
        server.on_tick(lambda dt: places.append(world.players[REX].x))
        await testing.until(lambda: len(places) > 2 * LAP, "two laps")
    runs = [(right, len(list(steps))) for right, steps in groupby(b > a for a, b in pairwise(places))]
    assert runs[:2] == [(True, LAP // 2 - 1), (False, LAP)] and runs[2][0], "the first tick is 1"
