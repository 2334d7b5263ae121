"""Gem Rush, the client: your own player is predicted, the others are interpolated.

Run it with ``python -m solutions.step11_interpolation.client --network hotel``; ``--help`` lists the flags.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace

import netlib
from solutions.step11_interpolation.interpolation import InterpolationBuffer
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene, placed
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import PlayerWindow
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA, Player
from workshop.game.rules.messages import MESSAGES, Move
from workshop.game.rules.movement import step


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        rule = partial(step, map=screen.view.map)
        self.me: netlib.Predictor[Player, Move] = netlib.Predictor(rule, tick_rate=client.tick_rate)
        self.making = netlib.TickInput[Move]()
        self.others = InterpolationBuffer()
        self.take_in(netlib.StateChanged(client.tick))
        client.on(netlib.StateChanged, self.take_in)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.window.draw(self.see(dt), dt, interpolation_delay=self.others.delay)
        return self.window.exit_code

    def take_in(self, event: netlib.StateChanged) -> None:
        """A snapshot: the truth about oneself, and where the others were at its time."""
        self.others.add(event.tick / self.client.tick_rate, self.client.state["players"])
        if truth := self.client.state["players"].get(self.client.player_id):
            self.me.reconcile(truth, self.client.last_input_seq)

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            if (me := self.me.predicted) and not self.me.stalled:
                wanted = self.making.finish(self.window.wanted(me))
                self.me.predict(replace(wanted, seq=self.client.send_input(wanted)))

    def see(self, dt: float) -> Scene:
        """Oneself ahead of the newest snapshot, the others a little behind it."""
        players = self.client.state["players"]
        self.others.advance(dt)
        if self.window.controls.interpolation:
            players = placed(players, self.others.sample())
        self.me.enabled = self.window.controls.prediction
        held = self.making.hold(self.window.walk(), self.ticks.alpha)
        if me := self.me.displayed(dt, held, self.ticks.alpha):
            players = players | {self.client.player_id: me}
        return self.window.scene(players, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
