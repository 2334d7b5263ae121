"""What the window looks like: dots with tails, a ring around the mouse, and how many frames a second."""

from __future__ import annotations

import time
from collections import deque
from math import cos, sin, tau

import pygame

SIZE = (960, 540)  # pixels
TAIL = 14  # beads in the tail of a dot
NIGHT, GRID, INK, PAPER = (20, 26, 40), (30, 38, 56), (10, 13, 22), (240, 242, 238)
FADED, WARNING = (130, 142, 160), (255, 140, 110)
COLOURS = ((255, 159, 28), (76, 172, 255), (255, 232, 74), (255, 105, 180), (120, 255, 190), (190, 150, 255))


class Picture:
    """A window, and what is drawn in it."""

    def __init__(self) -> None:
        pygame.display.init()
        pygame.font.init()
        self._surface = pygame.display.set_mode(SIZE)
        pygame.display.set_caption("Step 04: wandering dots")
        self._background = background()
        self._large, self._small = pygame.font.Font(None, 44), pygame.font.Font(None, 26)
        self._tails: dict[int, deque[tuple[float, float]]] = {}
        self._flips: deque[float] = deque()
        self._time = 0.0

    def draw(self, dots: list[tuple[float, float]], notice: str, dt: float) -> None:
        """Draw and show one frame.

        Args:
            dots: where the dots are, in pixels.
            notice: words over everything; empty for none.
            dt: seconds since the last frame.
        """
        self._time += dt
        self._surface.blit(self._background, (0, 0))
        for number, place in enumerate(dots):
            self._draw_dot(number, place)
        self._draw_mouse()
        self._draw_words(notice)
        pygame.display.flip()

    def _draw_dot(self, number: int, place: tuple[float, float]) -> None:
        (x, y), colour = place, pygame.Color(COLOURS[number % len(COLOURS)])
        tail = self._tails.setdefault(number, deque(maxlen=TAIL))
        if not tail or tail[-1] != place:
            tail.append(place)
        for age, bead in enumerate(reversed(tail)):
            faded = colour.lerp(NIGHT, 0.75 + 0.25 * age / TAIL)
            pygame.draw.circle(self._surface, faded, bead, 11 - 0.6 * age)
        pulse = (self._time + 0.3 * number) % 1.0
        pygame.draw.circle(self._surface, colour.lerp(NIGHT, 0.3 + 0.7 * pulse), (x, y), 15 + 14 * pulse, 2)
        pygame.draw.circle(self._surface, INK, (x, y), 16)
        pygame.draw.circle(self._surface, colour, (x, y), 13)
        pygame.draw.circle(self._surface, PAPER, (x - 4, y - 4), 4)

    def _draw_mouse(self) -> None:
        """A ring around the mouse, with a moon that needs a second for its way around it."""
        x, y = pygame.mouse.get_pos()
        moon = (x + 22 * cos(tau * self._time), y + 22 * sin(tau * self._time))
        pygame.draw.circle(self._surface, FADED, (x, y), 22, 2)
        pygame.draw.circle(self._surface, PAPER, moon, 5)

    def _draw_words(self, notice: str) -> None:
        rate = self._small.render(f"{self._frames_a_second()} frames a second", True, FADED)
        self._surface.blit(rate, rate.get_rect(bottomright=(SIZE[0] - 16, SIZE[1] - 12)))
        if notice:
            words = self._large.render(notice, True, WARNING)
            box = words.get_rect(center=(SIZE[0] // 2, 70))
            pygame.draw.rect(self._surface, INK, box.inflate(48, 32), border_radius=14)
            self._surface.blit(words, box)

    def _frames_a_second(self) -> int:
        self._flips.append(time.perf_counter())
        while self._flips[0] <= self._flips[-1] - 1.0:
            self._flips.popleft()
        return len(self._flips)


def background() -> pygame.Surface:
    """The night, with a grid of 60 pixels."""
    ground = pygame.Surface(SIZE)
    ground.fill(GRID)
    for x in range(0, SIZE[0], 60):
        for y in range(0, SIZE[1], 60):
            ground.fill(NIGHT, (x + 1, y + 1, 59, 59))
    return ground
