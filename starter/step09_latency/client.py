"""Gem Rush, the client, over a link that is as slow as you like; it measures the round trip.

Run it with ``python -m starter.step09_latency.client --latency 300``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import netlib
from starter.step09_latency.messages import ASK_SECONDS, EchoReply, EchoRequest
from starter.step09_latency.round_trip import RoundTrip
from starter.step09_latency.slow_client import SlowClient
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import PlayerWindow
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES


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


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.meter = Meter(client)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.window.draw(self.see(dt), dt, rtt=self.meter.round_trip.smoothed)
        return self.window.exit_code

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            if me := self.client.state["players"].get(self.client.player_id):
                self.client.send_input(self.window.wanted(me))

    def see(self, dt: float) -> Scene:
        """Everybody as in the newest snapshot."""
        players = self.client.state["players"]
        return self.window.scene(players, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `SlowClient`. Returns the exit code."""
    async with SlowClient(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
