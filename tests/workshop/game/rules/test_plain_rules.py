"""The plain server: a world that is published, and inputs that count."""

import netlib
from netlib import testing
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.plain_rules import PlainRules


def make(**options: object) -> netlib.Server:
    """Make the server."""
    server = netlib.Server("Lab", input_type=Move, **options)  # type: ignore[arg-type]
    PlainRules(server, seed=5, round_seconds=60)
    return server


@testing.in_virtual_time
async def test_a_player_who_runs_is_seen_to_run() -> None:
    """An input moves its player, in everybody's picture; a player who leaves is taken out of it."""
    async with testing.Network() as network:
        await network.serve(make)
        ada = await network.join("Ada", messages=MESSAGES, schema=SCHEMA)
        ben = await network.join("Ben", messages=MESSAGES, schema=SCHEMA)
        await testing.until(lambda: len(ben.state["players"]) == 2)
        start = ben.state["players"][ada.player_id]
        ada.send_input(Move(move=(1.0, 0.0)))
        await testing.until(lambda: ben.state["players"][ada.player_id].x > start.x)
        await ada.close()
        await testing.until(lambda: ada.player_id not in ben.state["players"])
