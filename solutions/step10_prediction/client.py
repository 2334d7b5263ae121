"""Gem Rush, the client: one's own player is predicted.

Run it with ``python -m solutions.step10_prediction.client --latency 250``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import netlib
from solutions.step10_prediction.prediction import Prediction, between
from workshop.game.drawing.net_graph.readings import Reading
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.chat_commands import say
from workshop.game.play.controls import Controls, held_keys
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.start import start
from workshop.game.play.telemetry import scene_of, status
from workshop.game.rules.entities import SCHEMA, Player
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.movement import step
from workshop.game.rules.world import something_in_reach

FPS = 60  # frames per second


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window, self.screen = client, window, screen
        self.controls, self.ticks = Controls(), netlib.Accumulator(1 / client.tick_rate)
        self.me = Prediction(partial(step, map=screen.view.map))
        self.before: Player | None = None  # where our player was one tick ago
        self.take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self.take_in)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            for event in self.client.poll():
                self.screen.chat.hear(event, self.client.state["players"])
            for line in self.controls.take(self.window):
                say(line, self.client, self.client.state["players"], self.screen.chat)
            self.client.link = self.controls.conditions(self.client.link)
            self.move(dt)
            self.draw(dt)
            if self.controls.quit or not self.client.connected or netlib.clock() >= end:
                break
        return 0

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: where the server has our player, after all inputs up to a certain one."""
        self.received = netlib.clock()
        if truth := self.client.state["players"].get(self.client.player_id):
            self.me.reconcile(truth, self.client.last_input_seq)

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            self.before = self.me.predicted
            if self.before is None:
                continue
            in_reach = something_in_reach(self.before, self.client.state["resources"])
            wanted = self.controls.move(held_keys(), in_reach=in_reach)
            self.client.send(self.me.predict(wanted))

    def see(self) -> Scene:
        """Everybody as in the newest snapshot, and our own player where it will be for the server."""
        players = self.client.state["players"]
        if self.controls.prediction and self.before and self.me.predicted:
            me = between(self.before, self.me.predicted, self.ticks.alpha)
            players = players | {self.client.player_id: me}
        return scene_of(self.client, players, focus=self.screen.view.map.spawns[0], received=self.received)

    def draw(self, dt: float) -> None:
        """Draw a frame, and keep the net graph (F3) up to date."""
        rtt, error, on = self.client.metrics.rtt, self.me.prediction_error, self.controls.prediction
        self.screen.net_graph.feed(
            Reading(
                netlib.clock(), rtt=rtt, prediction_error=error, prediction_on=on, conditions=self.client.link
            )
        )
        panels = self.controls.panels()
        self.screen.show(self.window, self.see(), status(self.client, self.screen.fps), panels, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
