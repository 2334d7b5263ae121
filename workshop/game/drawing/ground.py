"""The ground and all obstacles, drawn once as one large picture."""

import random
from math import cos, pi, sin

import pygame

from workshop.game.drawing.palette import GRASS, INK, OBSTACLES, SAND, Colour, darker, lighter, mixed
from workshop.game.drawing.sprites import FINE, canvas, circle, polygon, shrunk
from workshop.game.rules.maps import PLAZA, Map, Obstacle
from workshop.game.rules.units import to_pixels

COARSE = 4  # soft parts are drawn this many times smaller, and then enlarged
PATCHES = 420  # patches of lighter and darker grass
TUFTS, FLOWERS = 1500, 170  # details of the grass
FLOWER_COLOURS: tuple[Colour, ...] = ((226, 220, 180), (206, 190, 120), (198, 176, 200))


def paint(map: Map) -> pygame.Surface:
    """The picture of a whole map, one pixel for each map pixel."""
    rng = random.Random(map.seed)
    size = (to_pixels(map.width), to_pixels(map.height))
    ground = pygame.transform.smoothscale(_patches(size, rng), size)
    _details(ground, rng)
    _plaza(ground)
    ground.blit(pygame.transform.smoothscale(_shade(map, size), size), (0, 0))
    for obstacle in map.obstacles:
        _PAINTERS[obstacle.kind](ground, _box(obstacle), rng)
    pygame.draw.rect(ground, INK, ground.get_rect(), 6)
    return ground.convert() if pygame.display.get_surface() else ground


def _box(obstacle: Obstacle) -> pygame.Rect:
    left, top = to_pixels(obstacle.left), to_pixels(obstacle.top)
    return pygame.Rect(left, top, to_pixels(obstacle.right) - left, to_pixels(obstacle.bottom) - top)


def _patches(size: tuple[int, int], rng: random.Random) -> pygame.Surface:
    coarse = pygame.Surface((size[0] // COARSE, size[1] // COARSE))
    coarse.fill(GRASS)
    for _ in range(PATCHES):
        shade = rng.uniform(-0.07, 0.07)
        colour = mixed(GRASS, (0, 0, 0) if shade < 0 else (230, 235, 150), abs(shade))
        place = (rng.randrange(coarse.width), rng.randrange(coarse.height))
        pygame.draw.circle(coarse, colour, place, rng.randrange(8, 40))
    return pygame.transform.box_blur(coarse, 5)


def _details(ground: pygame.Surface, rng: random.Random) -> None:
    for _ in range(TUFTS):
        x, y = rng.randrange(ground.width), rng.randrange(ground.height)
        colour = darker(GRASS, 0.18) if rng.random() < 0.6 else lighter(GRASS, 0.14)
        for lean in (-3, 0, 3):
            pygame.draw.aaline(ground, colour, (x, y), (x + lean, y - 6 + abs(lean) // 2))
    for _ in range(FLOWERS):
        place = (rng.randrange(ground.width), rng.randrange(ground.height))
        pygame.draw.aacircle(ground, rng.choice(FLOWER_COLOURS), place, 2)


def _plaza(ground: pygame.Surface) -> None:
    box = pygame.Rect((0, 0), PLAZA).inflate(-40, -40)
    box.center = ground.get_rect().center
    pygame.draw.rect(ground, darker(SAND, 0.35), box.inflate(14, 14), border_radius=54)
    pygame.draw.rect(ground, darker(SAND, 0.12), box, border_radius=48)
    paving = pygame.Surface(box.size, pygame.SRCALPHA)
    for row, y in enumerate(range(0, box.height, 40)):
        for x in range(-40 * (row % 2), box.width, 80):
            shade = lighter(SAND, 0.06) if (x // 40 + row) % 3 else SAND
            pygame.draw.rect(paving, shade, (x + 2, y + 2, 76, 36), border_radius=7)
    mask = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(mask, (255, 255, 255), mask.get_rect(), border_radius=48)
    paving.blit(mask, (0, 0), special_flags=pygame.BLEND_RGBA_MIN)
    ground.blit(paving, box)


def _shade(map: Map, size: tuple[int, int]) -> pygame.Surface:
    """Soft shadows of all obstacles, `COARSE` times smaller."""
    shade = pygame.Surface((size[0] // COARSE, size[1] // COARSE), pygame.SRCALPHA)
    for obstacle in map.obstacles:
        if obstacle.kind != "pond":
            box = _box(obstacle).move(7, 12).inflate(8, 8)
            small = pygame.Rect(box.x // COARSE, box.y // COARSE, box.width // COARSE, box.height // COARSE)
            pygame.draw.rect(shade, (0, 0, 0, 105), small, border_radius=5)
    return pygame.transform.box_blur(shade, 2)


def _tree(ground: pygame.Surface, box: pygame.Rect, rng: random.Random) -> None:
    """A crown of leaves that fills its square."""
    picture, colour, radius = canvas(*box.size), OBSTACLES["tree"], box.width / 2
    turn = rng.uniform(0, pi)
    layers = ((0.0, darker(colour, 0.5), 0.36), (0.0, colour, 0.31), (0.09, lighter(colour, 0.13), 0.22))
    for shift, shade, size in layers:
        for lobe in range(7):
            angle = turn + lobe * 2 * pi / 7
            x = radius * (1 + 0.62 * (1 - 2 * shift) * cos(angle) - shift)
            y = radius * (1 + 0.62 * (1 - 2 * shift) * sin(angle) - shift)
            circle(picture, (x, y), radius * size * 1.05, shade)
        middle = radius * (1 - shift)
        circle(picture, (middle, middle), 0.66 * middle, shade)
    for _ in range(9):
        angle, far = rng.uniform(0, 2 * pi), rng.uniform(0, 0.5) * radius
        x, y = radius * 0.86 + far * cos(angle), radius * 0.82 + far * sin(angle)
        circle(picture, (x, y), radius * rng.uniform(0.06, 0.13), lighter(colour, 0.24))
    ground.blit(shrunk(picture), box)


def _rock(ground: pygame.Surface, box: pygame.Rect, rng: random.Random) -> None:
    """A boulder with a lit top."""
    picture, colour = canvas(*box.size), OBSTACLES["rock"]
    angles = [(corner + rng.uniform(-0.25, 0.25)) * 2 * pi / 9 for corner in range(9)]
    outline = [(_blunt(cos(a)), _blunt(sin(a))) for a in angles]
    layers = ((0.0, 1.0, darker(colour, 0.5)), (0.0, 0.93, colour))
    lit = ((-0.08, 0.7, lighter(colour, 0.14)), (-0.16, 0.42, lighter(colour, 0.26)))
    for shift, size, shade in (*layers, *lit):
        middle_x, middle_y = box.width / 2, box.height / 2
        points = [(middle_x * (1 + shift + x * size), middle_y * (1 + shift + y * size)) for x, y in outline]
        polygon(picture, shade, points)
    ground.blit(shrunk(picture), box)


def _blunt(share: float) -> float:
    """Push a circle's coordinate outwards, so that a rock nearly fills its rectangle."""
    return float(max(-1.0, min(1.0, share * 1.16)))


def _pond(ground: pygame.Surface, box: pygame.Rect, rng: random.Random) -> None:
    picture, colour = canvas(*box.size), OBSTACLES["pond"]
    whole = picture.get_rect()
    for inset, shade in ((0, darker(SAND, 0.3)), (8, darker(colour, 0.35)), (14, colour)):
        part = whole.inflate(-2 * inset * FINE, -2 * inset * FINE)
        pygame.draw.rect(picture, shade, part, border_radius=round(min(part.size) * 0.42))
    for _ in range(5):
        x, y = rng.uniform(0.2, 0.65) * box.width, rng.uniform(0.25, 0.7) * box.height
        ripple = pygame.Rect(x * FINE, y * FINE, 44 * FINE, 12 * FINE)
        pygame.draw.arc(picture, lighter(colour, 0.3), ripple, 0.3, pi - 0.3, 2 * FINE)
    for _ in range(4):
        x, y = rng.uniform(0.2, 0.8) * box.width, rng.uniform(0.25, 0.75) * box.height
        circle(picture, (x, y), rng.uniform(5, 9), mixed(OBSTACLES["tree"], GRASS, 0.5))
    ground.blit(shrunk(picture), box)


def _wall(ground: pygame.Surface, box: pygame.Rect, rng: random.Random) -> None:
    """Courses of stones, with a darker side below."""
    picture, colour = canvas(*box.size), OBSTACLES["wall"]
    pygame.draw.rect(picture, darker(colour, 0.6), picture.get_rect(), border_radius=6 * FINE)
    for row, y in enumerate(range(2, box.height - 10, 18)):
        height = min(16, box.height - 10 - y)
        for x in range(2 - 13 * (row % 2), box.width - 2, 26):
            left, right = max(2, x), min(x + 24, box.width - 2)
            shade = mixed(lighter(colour, 0.12), darker(colour, 0.12), rng.random())
            stone = (left * FINE, y * FINE, (right - left) * FINE, height * FINE)
            pygame.draw.rect(picture, shade, stone, border_radius=3 * FINE)
    ground.blit(shrunk(picture), box)


_PAINTERS = {"tree": _tree, "rock": _rock, "pond": _pond, "wall": _wall}
