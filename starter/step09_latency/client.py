"""Gem Rush, the client, over a link that is as slow as one likes; it measures the round trip.

Run it with ``python -m starter.step09_latency.client --latency 300``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import netlib
from starter.step09_latency.messages import EchoReply, EchoRequest
from starter.step09_latency.round_trip import RoundTrip
from starter.step09_latency.slow_client import SlowClient
from workshop.game.drawing.window import opened
from workshop.game.play.flags import client_options
from workshop.game.play.plain import play
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES

ASK_SECONDS = 0.1  # between two echo requests


class Meter:
    """Measures the round trip by asking, again and again."""

    def __init__(self, client: netlib.Client) -> None:
        self.client, self.round_trip = client, RoundTrip()
        client.on(EchoReply, self.answered)
        client.spawn(self.keep_asking())

    async def keep_asking(self) -> None:
        """Send an echo request now and then, until cancelled."""
        while True:
            self.client.send(EchoRequest(netlib.clock()))
            await asyncio.sleep(ASK_SECONDS)

    def answered(self, reply: EchoReply) -> None:
        """An answer has come: measure how long it took."""
        # TODO 09.6: how long did it take? The reply has two times in it. Only one of them is of our clock.
        self.round_trip.add(0.0)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for the client. Returns the exit code."""
    async with SlowClient(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        meter = Meter(client)
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            await play(window, client, seconds=seconds, rtt=lambda: meter.round_trip.smoothed)
    return 0


if __name__ == "__main__":
    start(run(**client_options()))
