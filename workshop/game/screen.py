"""Everything that a player's window shows, put together."""

from collections.abc import Mapping

import pygame
from msgspec.structs import replace

import netlib
from workshop.game.camera import world_to_screen
from workshop.game.chat import ChatLog
from workshop.game.controls import Controls, held_keys
from workshop.game.entities import Player
from workshop.game.hud import Hud, Status, draw_corner
from workshop.game.maps import Map
from workshop.game.net_graph import NetGraph
from workshop.game.notes import Note, Notes
from workshop.game.overlays import (
    Reconnecting,
    draw_help,
    draw_menu,
    draw_notice,
    draw_players,
    draw_reconnecting,
)
from workshop.game.palette import ACCENT, GOOD, WARNING
from workshop.game.saying import HOST_HELP, CannotSay, meaning
from workshop.game.text import Text
from workshop.game.view import Scene, View
from workshop.game.window import Window

FPS_SMOOTHING = 0.05  # how much the newest frame counts in the shown frame rate
BACK_SECONDS = 4.0  # how long the screen says that the connection is back
RESUMED = Note("Back again", "your place and score were kept", GOOD, BACK_SECONDS)
ANEW = Note("Back as a newcomer", "the server did not know you any more", ACCENT, BACK_SECONDS)


class Screen:
    """The world, and over it all panels.

    Attributes:
        notice: title and words of something that matters more than the game; None for nothing.
        paused: who has stopped the game; None while it goes on.
        net_graph: to be fed with a reading each frame.
        reconnecting: the connection that is lost, as `lost` said; None while there is one.
    """

    def __init__(self, map: Map) -> None:
        self.chat = ChatLog()
        self.net_graph = NetGraph()
        self.notes = Notes()
        self.notice: tuple[str, str] | None = None
        self.paused: str | None = None
        self.reconnecting: Reconnecting | None = None
        self.fps = 0.0
        self._now = 0.0
        self.enter(map)

    def enter(self, map: Map) -> None:
        """Show this map from now on; what lies over it stays."""
        self.view = View(map)
        self.hud = Hud(map, self.view.ground)

    def lost(self, reason: str, *, attempt: int = 0, wait: float = 0.0) -> None:
        """Freeze the picture and say that the connection is lost, until `back`.

        Args:
            reason: why it was lost, or why the last try failed, in words.
            attempt: the number of the try that goes on or comes next; 0 when nobody counts.
            wait: seconds until it begins.
        """
        since = self.reconnecting.since if self.reconnecting else self._now
        self.reconnecting = Reconnecting(reason, attempt, since, self._now + wait)

    def back(self, *, resumed: bool) -> None:
        """There is a connection; after `lost`, say so. ``resumed``: the server knew the player."""
        if self.reconnecting:
            self.reconnecting = None
            self.notes.show(RESUMED if resumed else ANEW)

    def say(self, line: str, client: netlib.Client, players: Mapping[int, Player]) -> None:
        """Send what somebody has typed: talk, or a command of the host (see `saying`)."""
        try:
            message = meaning(line, players)
        except CannotSay as error:
            self.chat.note(str(error), WARNING)
            return
        if isinstance(message, netlib.Command):
            client.spawn(self._command(message, client))
        else:
            client.send(message)

    async def _command(self, command: netlib.Command, client: netlib.Client) -> None:
        try:
            await client.request(command)
        except TimeoutError:
            self.chat.note("The server has not answered; try again", WARNING)
        except netlib.NetlibError as error:
            self.chat.note(str(error), WARNING)
        else:
            self.chat.note(HOST_HELP if command.do == "host" else f"Done: {command.do}")

    def farewell(self, reason: str) -> None:
        """It is over; say why."""
        self.reconnecting = None
        self.notice = ("The connection has ended", reason or "The server does not answer.")

    def show(self, window: Window, scene: Scene, status: Status, controls: Controls, dt: float) -> None:
        """Draw one frame in a window, ``dt`` seconds after the last one, and let it be seen."""
        tab = controls.tab(held_keys())
        self.draw(window.surface, window.text, scene, status, controls, tab=tab, dt=dt)
        pygame.display.flip()

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
        self._pass_time(dt)
        self.view.draw(surface, scene, text, 0.0 if self.reconnecting else dt)
        self.hud.watch(scene, dt)
        graph = controls.net_graph and not tab
        draw_corner(surface, scene, replace(status, link="") if graph else status, text)
        if tab:
            draw_players(surface, scene, text)
        else:
            self.hud.draw(surface, scene, text, self.paused)
            self.chat.draw(surface, text, controls.chat.text)
        if graph:
            self._draw_net_graph(surface, text, scene, dt)
        self._draw_over_all(surface, text, controls)

    def _draw_net_graph(self, surface: pygame.Surface, text: Text, scene: Scene, dt: float) -> None:
        own = world_to_screen((scene.me.x, scene.me.y), self.view.offset) if scene.me else None
        self.net_graph.draw(surface, text, self.hud.free_column(surface, text), own, dt)

    def _draw_over_all(self, surface: pygame.Surface, text: Text, controls: Controls) -> None:
        menu = controls.menu is not None
        if self.reconnecting:
            draw_reconnecting(surface, text, self.reconnecting, self._now, menu=menu)
        if controls.help:
            draw_help(surface, text)
        if controls.menu is not None:
            draw_menu(surface, text, controls.menu)
        if self.notice:
            draw_notice(surface, text, *self.notice)
        for note in controls.take_notes():
            self.notes.show(note)
        self.notes.draw(surface, text)

    def _pass_time(self, dt: float) -> None:
        self._now += dt
        self.chat.pass_time(dt)
        self.notes.pass_time(dt)
        if dt > 0:
            self.fps += ((1 / dt) - self.fps) * (FPS_SMOOTHING if self.fps else 1.0)
