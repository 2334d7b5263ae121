"""Gem Rush, the client: it keeps a copy of the world, and brings it up to date.

Arrows or WASD run, Space collects. Run it with ``python -m starter.step07_state_sync.client``;
``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pygame

import netlib
from starter.step07_state_sync.messages import Delta, Snapshot
from starter.step07_state_sync.sync import State, apply, state_of
from workshop.game.drawing.palette import NIGHT
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.controls import direction, held_keys
from workshop.game.play.flags import client_options
from workshop.game.play.start import start
from workshop.game.rules.entities import ROUND_ID, Player, Resource, Round
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move

FPS = 60  # frames per second


class World(msgspec.Struct):
    """A state whose entities have their types."""

    players: dict[int, Player]
    resources: dict[int, Resource]
    round: dict[int, Round]


class Game:
    """One player's window, and its copy of the world."""

    def __init__(self, client: netlib.Client, window: Window) -> None:
        self.client, self.window = client, window
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.state: State = {}
        self.screen: Screen | None = None

    async def play(self, seconds: float | None) -> int:
        """Run until the window is closed, the connection ends or the time is over. Returns the exit code."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            self.take_in()
            closed = any(event.type == pygame.QUIT for event in self.window.events())
            if closed or not self.client.connected or netlib.clock() >= end:
                break
            for _ in range(self.ticks.add(dt)):
                self.client.send_input(Move(move=direction(held_keys()), collect=held_keys()(pygame.K_SPACE)))
            await self.draw(dt)
        return 0

    def take_in(self) -> None:
        """Bring the copy of the world up to date."""
        for message in self.client.poll():
            match message:
                case Snapshot():
                    self.state = state_of(message)
                case Delta():
                    self.state = apply(self.state, message)

    async def draw(self, dt: float) -> None:
        """Draw the copy, and below it how much comes; the map is known once the round is."""
        surface, text = self.window.surface, self.window.text
        surface.fill(NIGHT)
        seed = self.state.get("round", {}).get(ROUND_ID, {}).get("seed")
        if seed is not None:
            if self.screen is None:
                self.screen = await asyncio.to_thread(Screen, make_map(seed))
            world = msgspec.convert(self.state, World)
            tick = (self.client.server_clock.time(netlib.clock()) or 0.0) * self.client.tick_rate
            me, round = self.client.player_id, world.round[ROUND_ID]
            scene = Scene(world.players, world.resources, round, me, tick=tick)
            self.screen.view.draw(surface, scene, text, dt)
            self.screen.hud.draw(surface, scene, text)
        rate = self.client.metrics.bytes_in.per_second(netlib.clock())
        label = text.render(f"received: {rate / 1000:.1f} kB a second", 26, outlined=True)
        surface.blit(label, label.get_rect(midbottom=(surface.width // 2, surface.height - 12)))
        pygame.display.flip()


async def run(url: str, *, seconds: float | None = None, screenshot: Path | None = None, **more: Any) -> int:
    """Play in a window; ``more`` is for `netlib.connect`. Returns the exit code."""
    async with netlib.connect(url, messages=[Snapshot, Delta], reconnect_time=0, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window).play(seconds)


if __name__ == "__main__":
    start(run(**client_options()))
