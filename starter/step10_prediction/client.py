"""Gem Rush, the client: your own player is predicted.

Run it with ``python -m starter.step10_prediction.client --latency 250``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import netlib
from starter.step10_prediction.prediction import Prediction
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import PlayerWindow
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES
from workshop.game.rules.movement import step


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.me = Prediction(partial(step, map=screen.view.map))
        self.take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self.take_in)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.window.draw(self.see(dt), dt, prediction_error=self.me.prediction_error)
        return self.window.exit_code

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: where the server has our player, after all inputs up to a certain one."""
        if truth := self.client.state["players"].get(self.client.player_id):
            self.me.reconcile(truth, self.client.last_input_seq)

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            if me := self.me.predicted:
                wanted = self.window.wanted(me)
                # TODO 10.2: send_input numbers the inputs itself, and we never see the numbers. Let `send`
                # send what `predict` returns, with the number that we have given it.
                self.me.predict(wanted)
                self.client.send_input(wanted)

    def see(self, dt: float) -> Scene:
        """Everybody as in the newest snapshot, and our own player where it will be for the server."""
        players = self.client.state["players"]
        self.me.enabled = self.window.controls.prediction
        if me := self.me.displayed(self.ticks.alpha):
            players = players | {self.client.player_id: me}
        return self.window.scene(players, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
