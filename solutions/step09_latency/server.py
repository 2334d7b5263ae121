"""Gem Rush, the server; it answers every echo request at once.

Run it with ``python -m solutions.step09_latency.server``; ``--help`` lists the flags.
"""

from __future__ import annotations

from typing import Any

import netlib
from solutions.step09_latency.messages import EchoReply, EchoRequest
from workshop.game.play.flags import server_options
from workshop.game.play.start import keep_open, start
from workshop.game.rules.messages import Move
from workshop.game.rules.plain_rules import PlainRules


async def serve(room: str, *, round_seconds: float, seconds: float | None, **options: Any) -> int:
    """Serve until it is cancelled, or for ``seconds``. Returns the exit code."""
    server = netlib.Server(room, input_type=Move, **options)
    PlainRules(server, seed=options["seed"], round_seconds=round_seconds)
    server.on(EchoRequest, lambda peer, request: peer.send(EchoReply(request.time, server.time)))
    return await keep_open(server, seconds)


if __name__ == "__main__":
    start(serve(**server_options()))
