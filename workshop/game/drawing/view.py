"""The view: draws the world as a player sees it. It decides nothing."""

from collections.abc import Mapping
from math import pi, sin

import msgspec
import pygame
from msgspec.structs import replace

from workshop.game.drawing.camera import camera, world_to_screen
from workshop.game.drawing.effects import APPEAR_SECONDS, POPUP_SECONDS, SPARK_SECONDS, Effects, Gait
from workshop.game.drawing.ground import paint
from workshop.game.drawing.palette import ACCENT, FADED, INK, NIGHT, PAPER, Colour, light_enough
from workshop.game.drawing.sprites import PLAYER_RADIUS, Sprites
from workshop.game.drawing.text import Text
from workshop.game.rules.entities import Player, Resource, Round
from workshop.game.rules.maps import Map, Point
from workshop.game.rules.world import nearest_in_reach

MARGIN = 60  # pixels around the window in which things are still drawn
NAME_WIDTH = 460  # pixels of a window of 1280×720: 20 of the wide characters that most names are made of
FAINT = 110  # opacity of a player who has lost the connection, 0 to 255
DOZE, DOZE_RATE = 3.0, 2.0  # pixels; radians per second of the "z z z" above such a player
BOB, BOB_RATE = 2.5, 14.0  # pixels; radians per second of a walking body
HOVER, HOVER_RATE = 2.0, 2.4  # pixels; radians per second of a resource


class Scene(msgspec.Struct, frozen=True):
    """What the player sees: the newest state, or one between two states.

    Args:
        my_id: the player whose window this is; 0 for a spectator.
        focus: where a spectator looks, in world units.
        tick: the server's current tick.
    """

    players: Mapping[int, Player]
    resources: Mapping[int, Resource]
    round: Round
    my_id: int = 0
    focus: Point = (0, 0)
    tick: float = 0.0
    tick_rate: float = 30.0

    @property
    def me(self) -> Player | None:
        return self.players.get(self.my_id)

    @property
    def eye(self) -> Point:
        """The place that the camera follows, in world units."""
        return (self.me.x, self.me.y) if self.me else self.focus


def placed(players: Mapping[int, Player], earlier: Mapping[int, Player]) -> dict[int, Player]:
    """The players with their newest data, but at their earlier places."""
    return {id: replace(players[id], x=it.x, y=it.y) for id, it in earlier.items() if id in players}


class View:
    """Draws a map and all that moves on it."""

    def __init__(self, map: Map) -> None:
        self.map = map
        self.ground = paint(map)
        self.effects = Effects()
        self.offset: Point = (0, 0)
        self._sprites = Sprites()
        self._time = 0.0

    def draw(self, surface: pygame.Surface, scene: Scene, text: Text, dt: float) -> None:
        """Draw a frame, ``dt`` seconds after the last one."""
        self._time += dt
        self.effects.update(scene.players, scene.resources, dt)
        self.offset = camera(scene.eye, surface.size, self.map)
        left, top = self.offset
        if left < 0 or top < 0:
            surface.fill(NIGHT)
        surface.blit(self.ground, (-left, -top))
        visible = surface.get_rect().inflate(2 * MARGIN, 2 * MARGIN)
        for id, resource in scene.resources.items():
            place = world_to_screen((resource.x, resource.y), self.offset)
            if visible.collidepoint(place):
                self._draw_resource(surface, resource, place, self.effects.ages[id])
        self._draw_players(surface, scene, text, visible)
        self._draw_sparks(surface)
        self._draw_popups(surface, text)
        self._draw_prompt(surface, scene, text)

    def _draw_resource(self, surface: pygame.Surface, resource: Resource, place: Point, age: float) -> None:
        picture = self._sprites.resource(resource.kind)
        if age < APPEAR_SECONDS:
            picture = pygame.transform.smoothscale_by(picture, max(0.05, _overshoot(age / APPEAR_SECONDS)))
        lift = round(HOVER * sin(self._time * HOVER_RATE + resource.x))
        surface.blit(self._sprites.shadow, self._sprites.shadow.get_rect(center=(place[0], place[1] + 18)))
        if resource.kind == "gem":
            surface.blit(self._sprites.glow, self._sprites.glow.get_rect(center=(place[0], place[1] + lift)))
        surface.blit(picture, picture.get_rect(center=(place[0], place[1] + lift)))

    def _draw_players(self, surface: pygame.Surface, scene: Scene, text: Text, visible: pygame.Rect) -> None:
        """Those further up first, and one's own player last, on top of all others."""
        seen = []
        for id, player in scene.players.items():
            place = world_to_screen((player.x, player.y), self.offset)
            if visible.collidepoint(place):
                seen.append((id == scene.my_id, place[1], id, place, player))
        for mine, _, id, place, player in sorted(seen):
            self._draw_below(surface, place, mine=mine)
            self._draw_body(surface, player, place, self.effects.gaits[id])
        for mine, _, _, (x, y), player in sorted(seen):
            colour = FADED if player.away else ACCENT if mine else PAPER
            place, width = (x, y - PLAYER_RADIUS - 7), text.px(NAME_WIDTH)
            text.write(surface, player.name, 21, colour, width=width, outlined=True, midbottom=place)
            if player.away:
                self._draw_doze(surface, (x, y), text)

    def _draw_body(self, surface: pygame.Surface, player: Player, place: Point, gait: Gait) -> None:
        x, y = place
        body = self._sprites.player(player.colour, gait.facing)
        body.set_alpha(FAINT if player.away else 255)
        lift = round(BOB * abs(sin(gait.stride * BOB_RATE)))
        surface.blit(body, body.get_rect(center=(x, y - lift)))

    def _draw_doze(self, surface: pygame.Surface, place: Point, text: Text) -> None:
        """ "z z z" over a player who is away: nobody is at the keys."""
        lift = round(DOZE * sin(self._time * DOZE_RATE))
        beside = (place[0] + PLAYER_RADIUS, place[1] - PLAYER_RADIUS + lift)
        text.write(surface, "z z z", 20, outlined=True, midleft=beside)

    def _draw_below(self, surface: pygame.Surface, place: Point, *, mine: bool) -> None:
        """A player's shadow, and the ring that marks one's own."""
        shadow, (x, y) = self._sprites.shadow, place
        surface.blit(shadow, shadow.get_rect(center=(x + 2, y + PLAYER_RADIUS - 2)))
        pulse = 27 + 1.5 * sin(self._time * 2 * pi * 0.8)
        for wider, colour in ((1, INK), (0, ACCENT), (-1, ACCENT), (-2, ACCENT)) if mine else ():
            pygame.draw.aacircle(surface, colour, place, round(pulse + wider), 2)

    def _draw_sparks(self, surface: pygame.Surface) -> None:
        for spark in self.effects.sparks:
            place = (spark.x - self.offset[0], spark.y - self.offset[1])
            size = 5.5 * (1 - spark.age / SPARK_SECONDS)
            pygame.draw.circle(surface, INK, place, size + 1)
            pygame.draw.circle(surface, spark.colour, place, size)

    def _draw_popups(self, surface: pygame.Surface, text: Text) -> None:
        for popup in self.effects.popups:
            label = text.render(popup.text, 36, light_enough(popup.colour), outlined=True)
            label.set_alpha(round(255 * min(1.0, 2.5 * (1 - popup.age / POPUP_SECONDS))))
            place = (popup.x - self.offset[0], popup.y - self.offset[1])
            surface.blit(label, label.get_rect(center=place))
            label.set_alpha(255)

    def _draw_prompt(self, surface: pygame.Surface, scene: Scene, text: Text) -> None:
        """The key that takes a resource, over one that is in reach."""
        if scene.me is None or scene.round.phase != "playing":
            return
        found = nearest_in_reach(scene.me.x, scene.me.y, scene.resources)
        if found is not None:
            resource = scene.resources[found]
            x, y = world_to_screen((resource.x, resource.y), self.offset)
            draw_key(surface, text, "Space", (x, y + 40))


def draw_key(surface: pygame.Surface, text: Text, word: str, centre: Point, colour: Colour = PAPER) -> None:
    """Draw a key of the keyboard."""
    label = text.render(word, 18, INK)
    box = label.get_rect(center=centre).inflate(text.px(16), text.px(10))
    pygame.draw.rect(surface, INK, box.inflate(4, 4).move(0, 2), border_radius=text.px(8))
    pygame.draw.rect(surface, colour, box, border_radius=text.px(6))
    surface.blit(label, label.get_rect(center=centre))


def _overshoot(share: float) -> float:
    """From 0 to 1, a little beyond on the way (R. Penner's "ease out back")."""
    rest = share - 1
    return 1 + 2.7 * rest**3 + 1.7 * rest**2
