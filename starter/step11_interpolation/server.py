"""Gem Rush, the server: ten snapshots a second, and Rex, who runs up and down for you to watch.

Run it with ``python -m starter.step11_interpolation.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules
from workshop.game.rules.rex import let_rex_run

SNAPSHOT_RATE = 10.0  # snapshots per second; there are 30 ticks per second


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    server = netlib.Server(room, input_type=Move, snapshot_rate=SNAPSHOT_RATE, **options)
    let_rex_run(server, PlainRules(server, seed=options["seed"], round_seconds=round_seconds).world)
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
