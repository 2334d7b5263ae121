"""Gem Rush with a lobby: finds the rooms on the network, and goes to the one that is chosen.

Run it with ``python -m starter.step08_discovery.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import netlib
from starter.step08_discovery.browser import Browser
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window, opened
from workshop.game.play.discovery_flags import lobby_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import FPS, PlayerWindow
from workshop.game.play.start import start
from workshop.game.play.visits import lobby_and_game
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES


async def choose(window: Window, lobby: Lobby, browser: Browser) -> str:
    """Show the lobby until somebody has decided. Returns an address; "" when the window is closed."""
    lobby.answer = None
    # TODO 08.6: a search takes a second, and here every frame waits for one. Let a task search, with
    # browser.search_on(), beside the frames. Cancel it when somebody has decided.
    async for _ in netlib.frames(FPS):
        await browser.search()
        lobby.take(window, browser.rooms)
        lobby.draw(window, browser.rooms, netlib.clock())
        if lobby.answer is not None:
            break

    return lobby.answer or ""


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.window.draw(self.see(dt), dt)
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
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, **more) as client:
        with opened(f"{client.room}: {client.name}", seen=seconds is None, screenshot=screenshot) as window:
            return await Game(client, window, await first_screen(client)).play(seconds)


if __name__ == "__main__":
    start(lobby_and_game(Browser, choose, run, **lobby_options()))
