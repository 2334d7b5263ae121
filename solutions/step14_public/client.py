"""Gem Rush, the client: a window into the server's world.

Run it with ``python -m solutions.step14_public.client``; ``--help`` lists the flags.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pygame

import netlib
from workshop.game.camera import flown
from workshop.game.controls import Controls, direction
from workshop.game.entities import SCHEMA
from workshop.game.flags import client_options
from workshop.game.hud import Status
from workshop.game.maps import make_map
from workshop.game.messages import MESSAGES, Chat
from workshop.game.screen import Screen
from workshop.game.start import start
from workshop.game.view import Scene
from workshop.game.window import ScreenError, Window, missing_screen
from workshop.game.world import nearest_in_reach

FPS = 60  # frames per second
FAREWELL_SECONDS = 4.0  # how long the window tells why the connection ended
NORMAL_ENDS = (1000, 1001)  # WebSocket close codes of a room that was closed on purpose


class Game:
    """One player's window: what the server says is drawn, what the player wants is sent."""

    def __init__(self, client: netlib.Client, window: Window) -> None:
        self.client, self.window, self.scene = client, window, scene_of(client)
        self.map = make_map(self.scene.round.seed)
        self.screen = Screen(self.map)
        self.controls = Controls()
        self.ticks = netlib.Accumulator(1 / client.tick_rate)
        self.ended: netlib.Disconnected | None = None
        self.focus = (self.map.width // 2, self.map.height // 2)
        self.state_time = netlib.clock()

    async def play(self, seconds: float | None) -> int:
        """Run until the player quits, the connection ends or the time is over. Returns the exit code."""
        end = netlib.clock() + seconds if seconds is not None else float("inf")
        async for dt in netlib.frames(FPS):
            for event in self.client.poll():
                self.handle(event)
            self.take_controls(dt)
            self.draw(dt)
            if self.ended:
                end = min(end, self.state_time + FAREWELL_SECONDS)
            if self.controls.quit or netlib.clock() >= end:
                break
        return 0 if self.ended is None or self.ended.code in NORMAL_ENDS else 2

    def handle(self, event: object) -> None:
        """Take in what the network brings."""
        self.screen.chat.hear(event, self.scene.players)
        match event:
            case netlib.StateChanged():
                self.state_time = netlib.clock()
            case netlib.Disconnected(reason=reason):
                self.ended, self.state_time = event, netlib.clock()
                self.screen.notice = ("The connection has ended", reason or "The server does not answer.")

    def take_controls(self, dt: float) -> None:
        """What the player did, as chat and as one input for each tick that has passed."""
        for event in self.window.events():
            if line := self.controls.handle(event, self.window.surface.size, self.window.text):
                self.client.send(Chat(line))
        self.window.set_typing(self.controls.chat.text is not None)
        held = pygame.key.get_pressed().__getitem__
        ticks = self.ticks.add(dt)
        if (me := self.scene.me) is None:
            self.focus = flown(self.focus, direction(held), dt, self.map)
            return
        for _ in range(ticks):
            near = nearest_in_reach(me.x, me.y, self.scene.resources)
            self.client.send_input(self.controls.move(held, in_reach=near is not None))

    def draw(self, dt: float) -> None:
        passed = min(netlib.clock() - self.state_time, 1.0)
        self.scene = scene_of(self.client, self.focus, self.client.tick + passed * self.client.tick_rate)
        link = "" if self.client.link.perfect else str(self.client.link)
        status = Status(self.client.room, self.client.metrics.rtt, self.screen.fps, link)
        tab = self.controls.tab(pygame.key.get_pressed().__getitem__)
        surface, text = self.window.surface, self.window.text
        self.screen.draw(surface, text, self.scene, status, self.controls, tab=tab, dt=dt)
        pygame.display.flip()


def scene_of(client: netlib.Client, focus: tuple[int, int] = (0, 0), tick: float = 0.0) -> Scene:
    """What the newest state shows: everybody where the server said last."""
    state = client.state
    round = state["round"][0]
    return Scene(state["players"], state["resources"], round, client.player_id, focus, tick, client.tick_rate)


async def run(
    url: str, *, seconds: float | None = None, screenshot: str | Path | None = None, **options: Any
) -> int:
    """Play in a window. Returns the exit code: 0, or 2 when it was cut off.

    Args:
        screenshot: where to save the last frame, as a PNG file.
        options: what else `netlib.connect` takes, such as ``name``, ``password`` and ``link``.

    Raises:
        netlib.NetlibError, ScreenError: it could not begin; the text says why, and what to do.
    """
    async with netlib.connect(url, messages=MESSAGES, schema=SCHEMA, **options) as client:
        return await play_in_window(client, seconds, screenshot)


async def play_in_window(client: netlib.Client, seconds: float | None, screenshot: str | Path | None) -> int:
    window = Window(f"{client.room}: {client.name}")
    try:
        if warning := missing_screen():
            if seconds is None:
                raise ScreenError(warning)
            print(warning, file=sys.stderr)
        async for _ in netlib.frames(FPS):
            if client.state["round"] or not client.connected:
                break
        if not client.state["round"]:
            raise netlib.ConnectionLost(1006, "before the game began")
        return await Game(client, window).play(seconds)
    finally:
        if screenshot is not None:
            window.save(screenshot)
        window.close()


if __name__ == "__main__":
    start(run(**client_options()))
