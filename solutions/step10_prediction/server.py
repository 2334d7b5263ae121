"""Gem Rush, the server: ten snapshots a second, as many games send.

Run it with ``python -m solutions.step10_prediction.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules

SNAPSHOT_RATE = 10.0  # snapshots per second; there are 30 ticks per second


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    server = netlib.Server(room, input_type=Move, snapshot_rate=SNAPSHOT_RATE, **options)
    PlainRules(server, seed=options["seed"], round_seconds=round_seconds)
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
