"""Visitors around a fire at night, with speech bubbles above their heads: the scenery of step 05."""

from math import cos, pi, sin, tau

import pygame

from workshop.game.drawing.palette import ACCENT, FADED, INK, NIGHT, PAPER, Colour, mixed
from workshop.game.drawing.sprites import Sprites
from workshop.game.drawing.window import Window

BUBBLE_SECONDS = 2.5  # how long a bubble stays
HOPS = 9.0  # radians a second: a visitor who does something hops for a second
WIDE, HIGH = 400, 190  # half the axes of the circle of people, in pixels of a window of 1280×720
GLOW: Colour = (150, 70, 30)
FLAMES: tuple[tuple[int, Colour], ...] = (
    *((46, (196, 60, 30)), (34, (240, 120, 40))),
    *((22, (255, 190, 70)), (11, (255, 240, 180))),
)

Place = tuple[float, float]


class Campfire:
    """The visitors around the fire.

    Attributes:
        names: of all visitors, by id.
    """

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._bubbles: dict[int, tuple[str, float]] = {}
        self._sprites, self._now = Sprites(), 0.0

    def name(self, id: int) -> str:
        """The name that belongs to an id; "somebody" if that visitor has left."""
        return self.names.get(id, "somebody")

    def show(self, id: int, words: str) -> None:
        """Let a visitor hop, with words in a bubble."""
        self._bubbles[id] = words, self._now

    def draw(self, window: Window, me: int, dt: float, help: str) -> None:
        """Draw the scene, ``dt`` seconds after the last time; ``me`` is in front, ``help`` at the top."""
        self._now += dt
        surface, text = window.surface, window.text
        surface.fill(NIGHT)
        middle = surface.width / 2, surface.height * 0.45
        self._draw_fire(surface, middle, text.scale)
        wide = min(text.px(WIDE), max(0, surface.width // 2 - text.px(60)))
        high = min(text.px(HIGH), max(0, round(middle[1]) - text.px(70)))
        ids = sorted(self.names, key=lambda id: (id != me, id)) or [me]
        for number, id in enumerate(ids):
            angle = pi / 2 + tau * number / len(ids)
            place = middle[0] + wide * cos(angle), middle[1] + high * sin(angle)
            self._draw_person(window, id, place, angle + pi)
        place = (surface.width // 2, text.px(12))
        text.write(surface, help, 18, FADED, width=surface.width, midtop=place)

    def _draw_fire(self, surface: pygame.Surface, middle: Place, scale: float) -> None:
        for ring in range(10):
            radius = 220 - 20 * ring + 4 * sin(3 * self._now + ring)
            pygame.draw.circle(surface, mixed(NIGHT, GLOW, 0.05 * (ring + 1)), middle, scale * radius)
        for size, colour in FLAMES:
            self._draw_flame(surface, middle, scale * size, colour)

    def _draw_flame(self, surface: pygame.Surface, middle: Place, size: float, colour: Colour) -> None:
        x, y = middle
        sway, grow = 0.12 * sin(7 * self._now + size), 0.15 * sin(11 * self._now + size)
        tip = x + size * sway, y - size * (1.9 + grow)
        pygame.draw.polygon(surface, colour, ((x - 0.8 * size, y), tip, (x + 0.8 * size, y)))
        pygame.draw.circle(surface, colour, middle, 0.83 * size)

    def _draw_person(self, window: Window, id: int, place: Place, facing: float) -> None:
        text, (x, y) = window.text, place
        words, since = self._bubbles.get(id, ("", -BUBBLE_SECONDS))
        age = self._now - since
        hop = abs(sin(HOPS * age)) * max(0.0, 1 - age) * text.px(34)
        picture = pygame.transform.smoothscale_by(self._sprites.player(id, facing), 1.6 * text.scale)
        window.surface.blit(picture, picture.get_rect(center=(x, y - hop)))
        name = text.render(text.fitted(self.names.get(id, ""), 20, window.surface.width // 2), 20)
        below = name.get_rect(center=(x, y + text.px(58)))
        window.surface.blit(name, below.clamp(window.surface.get_rect()))
        if age < BUBBLE_SECONDS:
            _draw_bubble(window, words, (x, y - text.px(78)), fresh=age < 0.15)


def _draw_bubble(window: Window, words: str, middle: Place, *, fresh: bool) -> None:
    label = window.text.render(window.text.fitted(words, 24, window.surface.width - 26), 24, INK)
    box = label.get_rect(center=middle).inflate(26, 16).clamp(window.surface.get_rect())
    pygame.draw.rect(window.surface, ACCENT if fresh else PAPER, box, border_radius=14)
    window.surface.blit(label, label.get_rect(center=box.center))
