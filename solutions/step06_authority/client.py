"""A small Gem Rush, the client: it says what its player wants, and draws what the server says.

Arrows or WASD run, Space takes a gem, C cheats. Run it with
``python -m solutions.step06_authority.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pygame

import netlib
from solutions.step06_authority.messages import Move
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.controls import direction
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import PlayerWindow
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.sent = Move()

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            told = msgspec.json.encode(self.sent).decode()
            self.window.draw(self.see(dt), dt, below=f"sent: {told}")
        return self.window.exit_code

    def move(self, dt: float) -> None:
        """One input for each tick that has passed, whatever the number of frames."""
        for _ in range(self.ticks.add(dt)):
            if self.client.player_id in self.client.state["players"]:
                self.sent = self.wanted()
                self.client.send_input(self.sent)

    def wanted(self) -> Move:
        """What the player wants in this tick. With C it wants what nobody may have."""
        held = self.window.held()
        dx, dy = direction(held)
        collects, cheats = held(pygame.K_SPACE), held(pygame.K_c)
        if cheats:
            return Move(move=(100_000.0, 0.0), collect=True)
        return Move(move=(dx, dy), collect=collects)

    def see(self, dt: float) -> Scene:
        """Everybody as in the newest snapshot."""
        players = self.client.state["players"]
        return self.window.scene(players, dt)


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
