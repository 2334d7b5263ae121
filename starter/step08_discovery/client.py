"""Gem Rush with a lobby: finds the rooms on the network, and goes to the one that is chosen.

Run it with ``python -m starter.step08_discovery.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

import asyncio

import netlib
from netlib.discovery.interfaces import LOOPBACK, broadcast_addresses, scan
from netlib.transport.tcp import host_port
from starter.step08_discovery.browser import Browser
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.screen import Screen
from workshop.game.drawing.window import Window, opened
from workshop.game.play.discovery_flags import DiscoveryOptions, discovery_options
from workshop.game.play.opening import first_screen
from workshop.game.play.player_window import FPS, PlayerWindow
from workshop.game.play.start import start
from workshop.game.rules.entities import SCHEMA
from workshop.game.rules.messages import MESSAGES


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window, screen: Screen) -> None:
        self.client, self.window = client, PlayerWindow(client, window, screen)
        self.ticks = netlib.Accumulator(1 / client.tick_rate)

    async def play(self, seconds: float | None) -> int:
        async for dt in self.window.frames(seconds):
            self.move(dt)
            self.window.draw(self.window.scene(self.client.state["players"], dt), dt)
        return self.window.exit_code

    def move(self, dt: float) -> None:
        for _ in range(self.ticks.add(dt)):
            if me := self.client.state["players"].get(self.client.player_id):
                self.client.send_input(self.window.wanted(me))


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


async def run(chosen: DiscoveryOptions) -> int:
    """Lobby and game, in turn, until the player quits. Returns the exit code."""
    hosts = [LOOPBACK] if chosen.loopback else [LOOPBACK, *broadcast_addresses(scan())]
    lobby = Lobby(host_port(chosen.host, chosen.port) if chosen.host else "")
    with opened("Gem Rush", seen=True) as window:
        while True:
            async with Browser(hosts, chosen.discovery_ports, chosen.ask_every) as browser:
                url = await choose(window, lobby, browser)
            if not url:
                return 0
            lobby.problem = "The room has closed."
            try:
                async with netlib.connect(url, name=chosen.name, messages=MESSAGES, schema=SCHEMA) as client:
                    game = Game(client, window, await first_screen(client))
                    await game.play(None)
                    if game.window.controls.quit:
                        return 0
            except netlib.NetlibError as error:
                lobby.problem = str(error)


if __name__ == "__main__":
    start(run(discovery_options("player")))
