"""Gem Rush, the client: it keeps a copy of the world, and brings it up to date.

Arrows or WASD run, Space collects. Run it with ``python -m solutions.step07_state_sync.client``;
``--help`` lists the flags.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import netlib
from solutions.step07_state_sync.messages import Delta, Snapshot
from solutions.step07_state_sync.sync import State, apply, state_of
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.own_state import OwnStateClient
from workshop.game.play.player_window import PlayerWindow
from workshop.game.play.start import start


def updated(state: State, message: Snapshot | Delta) -> State:
    """The copy of the world after a message; from now on it is ``client.state``."""
    return state_of(message) if isinstance(message, Snapshot) else apply(state, message)


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            rate = self.client.metrics.bytes_in.per_second(netlib.clock())
            self.window.draw(self.see(dt), dt, below=f"received: {rate / 1000:.1f} kB a second")
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
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with OwnStateClient(url, updated, messages=[Snapshot, Delta], reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
