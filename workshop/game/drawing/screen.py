"""Everything that a player's window shows."""

import msgspec
import pygame
from msgspec.structs import replace

from workshop.game.drawing import overlays
from workshop.game.drawing.camera import world_to_screen
from workshop.game.drawing.chat import ChatLog
from workshop.game.drawing.hud import Hud, Status, draw_corner
from workshop.game.drawing.key_page import Page, draw_key_page
from workshop.game.drawing.net_graph.graph import NetGraph
from workshop.game.drawing.notes import Note, Notes
from workshop.game.drawing.palette import ACCENT, GOOD
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene, View
from workshop.game.drawing.window import Window, has_room
from workshop.game.rules.maps import Map

FPS_SMOOTHING = 0.05  # the weight of the newest frame in the frame rate
EDGE = 12  # pixels of a window of 1280×720, beside the words at the bottom
EDGE_OF_CORNER, EDGE_OF_LINK = 56, 78  # such pixels below them, which others need
BACK_SECONDS = 4.0  # for which the screen says that the connection is back
RESUMED = Note("Back again", "your place and score were kept", GOOD, BACK_SECONDS)
ANEW = Note("Back as a newcomer", "the server no longer knew you", ACCENT, BACK_SECONDS)


class Panels(msgspec.Struct, frozen=True):
    """What the player wants to see over the world."""

    typed: str | None = None  # the line of chat so far; None while nothing is typed
    players: bool = False  # whether the player list is shown
    net_graph: bool = False
    help: bool = False
    menu: int | None = None  # the chosen entry of the menu; None while it is closed
    notes: tuple[Note, ...] = ()  # new ones, about the keys that the player has pressed
    composing: str = ""  # what an input method has not finished yet, after the line of chat
    key_page: Page | None = None  # the page of the player's keys; None while it is closed
    labels: dict[str, str] = {}  # what is written on the player's own keys, by the label on a US keyboard


class Screen:
    """The world, and over it all panels.

    Attributes:
        below: words at the bottom.
        notice: title and words of a notice that matters more than the game; None for none.
        paused: the player who has stopped the game; None while it goes on.
        net_graph: it needs a reading each frame.
        reconnecting: the lost connection, set by `lost`; None while there is a connection.
    """

    def __init__(self, map: Map) -> None:
        self.chat = ChatLog()
        self.net_graph = NetGraph()
        self.notes = Notes()
        self.below = ""
        self.notice: tuple[str, str] | None = None
        self.paused: str | None = None
        self.reconnecting: overlays.Reconnecting | None = None
        self.fps = 0.0
        self._now = 0.0
        self.enter(map)

    def enter(self, map: Map) -> None:
        """Show this map from now on; the panels over it stay."""
        self.view = View(map)
        self.hud = Hud(map, self.view.ground)

    def lost(self, reason: str, *, attempt: int = 0, wait: float = 0.0) -> None:
        """Freeze the picture and say that the connection is lost, until `back`.

        Args:
            reason: why it was lost, or why the last try failed, in words.
            attempt: the number of the current or next try; 0 if tries are not counted.
            wait: seconds until it begins.
        """
        since = self.reconnecting.since if self.reconnecting else self._now
        self.reconnecting = overlays.Reconnecting(reason, attempt, since, self._now + wait)

    def back(self, *, resumed: bool) -> None:
        """The connection is back; after `lost`, say so. ``resumed``: the server still knew the player."""
        if self.reconnecting:
            self.reconnecting = None
            self.notes.show(RESUMED if resumed else ANEW)

    def farewell(self, reason: str) -> None:
        """The connection has ended for good; say why."""
        self.reconnecting = None
        self.notice = ("The connection has ended", reason or "The server does not answer.")

    def show(self, window: Window, scene: Scene, status: Status, panels: Panels, dt: float) -> None:
        """Draw and show a frame in a window, ``dt`` seconds after the last one."""
        self.draw(window.surface, window.text, scene, status, panels, dt)
        pygame.display.flip()

    def draw(
        self, surface: pygame.Surface, text: Text, scene: Scene, status: Status, panels: Panels, dt: float
    ) -> None:
        """Draw a frame, ``dt`` seconds after the last one."""
        self._pass_time(dt)
        self.view.draw(surface, scene, text, 0.0 if self.reconnecting else dt)
        self.hud.watch(scene, dt)
        for note in panels.notes:
            self.notes.show(note)
        if not has_room(surface.size, text):
            return
        graph = panels.net_graph and not panels.players
        draw_corner(surface, scene, replace(status, link="") if graph else status, text)
        if panels.players:
            overlays.draw_players(surface, scene, text)
        else:
            self._draw_hud(surface, text, scene, dt, graph=graph)
            end = self._draw_below(surface, text, link=bool(status.link), graph=graph)
            self.chat.draw(surface, text, panels.typed, panels.composing, end)
        self._draw_over_all(surface, text, panels)

    def _draw_hud(self, surface: pygame.Surface, text: Text, scene: Scene, dt: float, *, graph: bool) -> None:
        """The display over the world, and the graph: below the minimap, or in its place if it must."""
        column = self.hud.free_column(surface, text)
        both = not graph or self.net_graph.fits(text, column)
        self.hud.draw(surface, scene, text, self.paused, minimap=both)
        if graph:
            column = column if both else self.hud.free_column(surface, text, minimap=False)
            own = world_to_screen((scene.me.x, scene.me.y), self.view.offset) if scene.me else None
            self.net_graph.draw(surface, text, column, own, dt)

    def _draw_below(self, surface: pygame.Surface, text: Text, *, link: bool, graph: bool) -> int:
        """The words over the corner and beside the graph. Returns where they begin: the chat is above."""
        room = surface.width // (2 if graph else 1)
        words = text.fitted(self.below, 26, room - 2 * text.px(EDGE))
        label = text.render(words, 26, outlined=True)
        bottom = surface.height - text.px(EDGE_OF_LINK if link and not graph else EDGE_OF_CORNER)
        surface.blit(label, label.get_rect(midbottom=(room // 2, bottom)))
        return bottom - label.height if words else surface.height

    def _draw_over_all(self, surface: pygame.Surface, text: Text, panels: Panels) -> None:
        if self.reconnecting:
            menu = panels.menu is not None
            overlays.draw_reconnecting(surface, text, self.reconnecting, self._now, menu=menu)
        if panels.help:
            overlays.draw_help(surface, text, panels.labels)
        if panels.key_page:
            draw_key_page(surface, text, panels.key_page)
        if panels.menu is not None:
            overlays.draw_menu(surface, text, panels.menu)
        if self.notice:
            overlays.draw_notice(surface, text, *self.notice)
        self.notes.draw(surface, text)

    def _pass_time(self, dt: float) -> None:
        self._now += dt
        self.chat.pass_time(dt)
        self.notes.pass_time(dt)
        if dt > 0:
            self.fps += ((1 / dt) - self.fps) * (FPS_SMOOTHING if self.fps else 1.0)
