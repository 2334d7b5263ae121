"""A window onto a room that outlives its client: without one the picture stands still, under a notice."""

import asyncio
from typing import Protocol

import pygame

import netlib
from workshop.game.drawing.screen import ANEW, RESUMED, Screen
from workshop.game.drawing.view import Scene
from workshop.game.drawing.window import Window
from workshop.game.play.cable import BreakableNetwork
from workshop.game.play.player_window import PlayerWindow
from workshop.game.rules.entities import ROUND_ID, SCHEMA, Round
from workshop.game.rules.maps import make_map
from workshop.game.rules.units import TICK_RATE

SEED = 1  # of the map that is shown before there is a room


class LinkStatus(Protocol):
    """What a window has to know of its connection."""

    client: netlib.Client | None

    @property
    def notice(self) -> tuple[str, str] | None:
        """Title and words over everything; None for nothing."""


class BareWindow(PlayerWindow):
    """A player's window, with neither prediction nor interpolation, for one client after the other.

    Attributes:
        cable: for ``Client(network=…)``; it is cut when the player presses K.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(netlib.Client("", schema=SCHEMA), window, Screen(make_map(SEED)))
        self.cable, self._ticks = BreakableNetwork(), netlib.Accumulator(1 / TICK_RATE)
        self._scene = Scene({}, {}, Round(SEED))

    def welcome(self, *, resumed: bool) -> None:
        """Say for a while that there is a connection, and what has become of the player."""
        self._screen.notes.show(RESUMED if resumed else ANEW)

    async def play(self, link: LinkStatus, seconds: float | None) -> None:
        """Draw, and send what the player wants, until it has had enough, or for ``seconds``."""
        async for dt in self.frames(seconds):
            if link.client and link.client.state["round"]:
                self._client = link.client
                await self._enter()
                self._move(dt)
                self._scene = self.scene(self._client.state["players"], dt)
            self._screen.notice = link.notice
            self.draw(self._scene, dt)

    def take(self) -> None:
        """Esc ends the game at once; there is no chat, and all that comes is for the link."""
        for event in self._window.events():
            key = self.controls.keyboard.take(event)
            self.controls.quit |= event.type == pygame.QUIT or key == pygame.K_ESCAPE
            if key == pygame.K_k:
                self.cable.cut()

    async def _enter(self) -> None:
        """Paint the map of a room that is new to us, while the network goes on."""
        seed = self._client.state["round"][ROUND_ID].seed
        if seed != self.map.seed:
            await asyncio.to_thread(lambda: self._screen.enter(make_map(seed)))

    def _move(self, dt: float) -> None:
        for _ in range(self._ticks.add(dt)):
            if me := self._client.state["players"].get(self._client.player_id):
                self._client.send_input(self.wanted(me))
