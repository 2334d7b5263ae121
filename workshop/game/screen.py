"""Everything that a player's window shows, put together."""

from __future__ import annotations

import pygame

from workshop.game.chat import ChatLog
from workshop.game.controls import Controls
from workshop.game.hud import Hud, Status, draw_corner
from workshop.game.maps import Map
from workshop.game.overlays import draw_help, draw_menu, draw_notice, draw_players
from workshop.game.text import Text
from workshop.game.view import Scene, View

FPS_SMOOTHING = 0.05  # how much the newest frame counts in the shown frame rate


class Screen:
    """The world, and over it all panels.

    Attributes:
        notice: title and words of something that matters more than the game; None for nothing.
    """

    def __init__(self, map: Map) -> None:
        self.view = View(map)
        self.hud = Hud(map, self.view.ground)
        self.chat = ChatLog()
        self.notice: tuple[str, str] | None = None
        self.fps = 0.0

    def draw(
        self,
        surface: pygame.Surface,
        text: Text,
        scene: Scene,
        status: Status,
        controls: Controls,
        *,
        tab: bool,
        dt: float,
    ) -> None:
        """Draw one frame, ``dt`` seconds after the last one; ``tab`` shows the player list."""
        self._measure(dt)
        self.chat.pass_time(dt)
        self.view.draw(surface, scene, text, dt)
        self.hud.watch(scene, dt)
        draw_corner(surface, scene, status, text)
        if tab:
            draw_players(surface, scene, text)
        else:
            self.hud.draw(surface, scene, text)
            self.chat.draw(surface, text, controls.chat.text)
        if controls.help:
            draw_help(surface, text)
        if controls.menu is not None:
            draw_menu(surface, text, controls.menu)
        if self.notice:
            draw_notice(surface, text, *self.notice)

    def _measure(self, dt: float) -> None:
        if dt > 0:
            self.fps += ((1 / dt) - self.fps) * (FPS_SMOOTHING if self.fps else 1.0)
