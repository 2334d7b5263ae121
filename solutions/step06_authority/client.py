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
from workshop.game.drawing.window import Window, opened
from workshop.game.play.controls import direction, held_keys
from workshop.game.play.flags import client_options
from workshop.game.play.opening import first_screen
from workshop.game.play.start import start
from workshop.game.play.telemetry import scene_of
from workshop.game.rules.entities import SCHEMA

FPS = 60  # frames per second


class Game:
    """One player's window."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window, self.screen = client, window, screen
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.sent = Move()

    async def play(self, seconds: float | None) -> int:
        """Run until the window is closed, the connection ends or the time is over. Returns the exit code."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            self.client.poll()
            closed = any(event.type == pygame.QUIT for event in self.window.events())
            if closed or not self.client.connected or netlib.clock() >= end:
                break
            for _ in range(self.ticks.add(dt)):
                if self.client.player_id in self.client.state["players"]:
                    self.sent = self.wanted()
                    self.client.send_input(self.sent)
            self.draw(dt)
        return 0

    def wanted(self) -> Move:
        """What the player wants in this tick. With C it wants what nobody may have."""
        held = held_keys()
        dx, dy = direction(held)
        collects, cheats = held(pygame.K_SPACE), held(pygame.K_c)
        if cheats:
            return Move(move=(100_000.0, 0.0), collect=True)
        return Move(move=(dx, dy), collect=collects)

    def draw(self, dt: float) -> None:
        """Draw what the server says, and below it what we have told it."""
        surface, text, players = self.window.surface, self.window.text, self.client.state["players"]
        scene = scene_of(self.client, players, focus=(0, 0), received=netlib.clock())
        self.screen.view.draw(surface, scene, text, dt)
        self.screen.hud.draw(surface, scene, text)
        label = text.render(f"sent: {msgspec.json.encode(self.sent).decode()}", 26, outlined=True)
        surface.blit(label, label.get_rect(midbottom=(surface.width // 2, surface.height - 12)))
        pygame.display.flip()


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, schema=SCHEMA, reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
