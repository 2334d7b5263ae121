"""A small Gem Rush, the client: it says what its player wants, and draws what the server says.

Arrows or WASD run, Space takes a gem, C cheats. Run it with
``python -m starter.step06_authority.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pygame

import netlib
from starter.step06_authority.messages import Move
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
        # TODO 06.2: do not work out where you are, and which gem is yours: the server does. Return a Move
        # with the direction and the wish. A cheat asks for too much: move=(100_000.0, 0.0), collect=True.
        me, gems = self.client.state["players"][self.client.player_id], self.client.state["resources"]
        old = self.sent if self.sent.x else me
        x, y = old.x + round(dx * 128), old.y + round(dy * 128)  # a step is 128 world units
        if not self.screen.view.map.is_free(x, y):
            x, y = old.x, old.y
        near = [id for id, gem in gems.items() if cheats or abs(gem.x - x) + abs(gem.y - y) < 736]
        if cheats and near:
            x, y = gems[near[0]].x, gems[near[0]].y
        return Move(x=x, y=y, gem=near[0] if near and (collects or cheats) else 0)

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
