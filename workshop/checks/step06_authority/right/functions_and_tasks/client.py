"""The client, whose inputs are sent by a task beside the frames."""

from __future__ import annotations

import asyncio
from typing import Any

import pygame

import netlib
from solutions.step06_authority.messages import Move
from workshop.game.controls import direction, held_keys
from workshop.game.entities import SCHEMA
from workshop.game.flags import client_options
from workshop.game.opening import first_screen
from workshop.game.start import start
from workshop.game.telemetry import scene_of
from workshop.game.window import opened


async def send(client: netlib.Client) -> None:
    """An input at the server's pace."""
    due = netlib.clock()
    while True:
        if any(direction(held_keys())) or held_keys()(pygame.K_SPACE):
            client.send_input(Move(move=direction(held_keys()), collect=held_keys()(pygame.K_SPACE)))
        due += 1 / client.tick_rate
        await asyncio.sleep(due - netlib.clock())


async def run(url: str, seconds: Any, screenshot: Any, **more: Any) -> int:
    """Play."""
    async with netlib.connect(url, schema=SCHEMA, **more) as client:
        with opened("Gem Rush", seen=seconds is None, screenshot=screenshot) as window:
            screen = await first_screen(client)
            client.spawn(send(client))
            async for dt in netlib.frames(60):
                if any(event.type == pygame.QUIT for event in window.events()):
                    break
                scene = scene_of(client, client.state["players"], focus=(0, 0), received=netlib.clock())
                screen.view.draw(window.surface, scene, window.text, dt)
                pygame.display.flip()
    return 0


if __name__ == "__main__":
    start(run(**{"seconds": None, "screenshot": None, **client_options()}))
