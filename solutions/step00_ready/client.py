"""A window that greets you, and a square that you move with the arrow keys.

Run it with ``python -m solutions.step00_ready.client``; Esc ends it.
"""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.metadata import version

import pygame

from workshop.game.drawing.palette import ACCENT, FADED, GOOD, INK, NIGHT, PAPER, lighter, mixed
from workshop.game.drawing.window import ScreenError, Window, opened

FPS = 60  # frames a second
SPEED = 480  # pixels a second
SIDE = 64  # pixels of the square
CELL = 80  # pixels between two lines of the floor
TRAIL = 24  # earlier places that are still seen
ARROWS = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}


class Square:
    """The square, and where it was just before.

    Args:
        middle: where it begins, in pixels.
    """

    def __init__(self, middle: tuple[float, float]) -> None:
        self.middle = pygame.Vector2(middle)
        self.trail: list[pygame.Vector2] = []

    def move(self, dt: float, floor: pygame.Rect) -> None:
        """Go where the arrow keys say, for ``dt`` seconds, and stay on the floor."""
        held = pygame.key.get_pressed()
        way = sum((pygame.Vector2(arrow) for key, arrow in ARROWS.items() if held[key]), pygame.Vector2())
        self.trail = [*self.trail, self.middle.copy()][-TRAIL:]
        if way:
            self.middle += way.normalize() * SPEED * dt
        self.middle.x = pygame.math.clamp(self.middle.x, SIDE / 2, floor.width - SIDE / 2)
        self.middle.y = pygame.math.clamp(self.middle.y, SIDE / 2, floor.height - SIDE / 2)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw it over its trail."""
        for age, middle in enumerate(self.trail, 1):
            draw_square(surface, middle, SIDE * age / TRAIL, mixed(NIGHT, ACCENT, 0.4 * age / TRAIL))
        draw_square(surface, self.middle, SIDE, INK)
        draw_square(surface, self.middle, SIDE - 6, ACCENT)
        draw_square(surface, self.middle - (12, 12), SIDE / 6, lighter(ACCENT))


def draw_square(
    surface: pygame.Surface, middle: pygame.Vector2, side: float, colour: tuple[int, int, int]
) -> None:
    """A square with round corners."""
    box = pygame.Rect(0, 0, round(side), round(side))
    box.center = round(middle.x), round(middle.y)
    pygame.draw.rect(surface, colour, box, border_radius=round(side / 4))


def draw_floor(surface: pygame.Surface) -> None:
    """A dark floor with a grid."""
    surface.fill(NIGHT)
    for x in range(0, surface.width, CELL):
        pygame.draw.line(surface, lighter(NIGHT, 0.06), (x, 0), (x, surface.height))
    for y in range(0, surface.height, CELL):
        pygame.draw.line(surface, lighter(NIGHT, 0.06), (0, y), (surface.width, y))


def draw_greeting(window: Window) -> None:
    """Say hello, what runs here, and what to do."""
    text = window.text
    lines = [
        (text.render("Your machine is ready", 56, PAPER), 10),
        (text.render(versions(), 24, GOOD), 26),
        (text.render("Move the square with the arrow keys. Esc closes the window.", 24, FADED), 0),
    ]
    y = text.px(64)
    for line, gap in lines:
        window.surface.blit(line, line.get_rect(midtop=(window.surface.width // 2, y)))
        y += line.height + text.px(gap)


def versions() -> str:
    """What this program runs on."""
    ours = version("pygame-multiplayer-workshop")
    return f"Python {platform.python_version()}    pygame-ce {pygame.ver}    netlib {ours}"


def wants_to_quit(window: Window) -> bool:
    """True when the window was closed, or Esc pressed."""
    return any(
        event.type == pygame.QUIT or (event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE)
        for event in window.events()
    )


def play(window: Window, seconds: float) -> None:
    """Move and draw, until the player has had enough or the time is over."""
    square, clock, dt = Square(window.surface.get_rect().center), pygame.Clock(), 0.0
    while not wants_to_quit(window) and seconds > 0:
        square.move(dt, window.surface.get_rect())
        draw_floor(window.surface)
        draw_greeting(window)
        square.draw(window.surface)
        pygame.display.flip()
        dt = clock.tick(FPS) / 1000
        seconds -= dt


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop by itself")
    parser.add_argument("--screenshot", metavar="FILE.png", help="save the last frame")
    options = parser.parse_args()
    try:
        with opened(
            "Step 00: Ready", seen=options.seconds == float("inf"), screenshot=options.screenshot
        ) as it:
            play(it, options.seconds)
    except ScreenError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        print("bye")
