"""The heads-up display: scores, the round's clock, countdown and winner, and the link."""

from math import ceil

import msgspec
import pygame

from workshop.game.drawing.palette import ACCENT, FADED, INK, PAPER, RESOURCES, WARNING, Colour, player_colour
from workshop.game.drawing.sprites import Sprites, draw_badge
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene
from workshop.game.drawing.writing.scripts import LTR
from workshop.game.rules.entities import WORTH, Player
from workshop.game.rules.maps import Map

TOP_SCORES = 6  # lines in the scores panel
PANEL = 170  # opacity of panels, 0 to 255
HURRY_SECONDS = 10  # when less than this is left, the clock warns
READY = "Get ready: run and press Space at wood, stone and gems"
GO_SECONDS = 0.9  # for which "GO!" is shown
MINIMAP_WIDTH = 210  # pixels
NARROW = 1000  # pixels
MARGIN, WORTH_GAP, WORTH_HEIGHT = 12, 6, 34  # pixels around the minimap, and of the panel below it
CLOCK = 72  # pixels that the clock takes at each side of the middle
TITLES = (60, 46, 34)  # sizes of the winner's name: the first in which it fits
CORNER = 46  # pixels at the bottom that the corner takes


class Status(msgspec.Struct, frozen=True):
    """What the corner shows.

    Args:
        rtt: round trip in seconds; None until it is measured.
        fps: frames per second.
        link: the simulated conditions in words; empty for none.
    """

    room: str = ""
    rtt: float | None = None
    fps: float = 0.0
    link: str = ""


def ranking(scene: Scene) -> list[tuple[int, Player]]:
    """Players with their ids, most points first; those with equal points by name."""
    return sorted(scene.players.items(), key=lambda item: (-item[1].score, item[1].name, item[0]))


def seconds_left(scene: Scene) -> float:
    """Seconds until the phase of the round ends."""
    return max(0.0, (scene.round.ends_at - scene.tick) / scene.tick_rate)


def panel(surface: pygame.Surface, box: pygame.Rect, text: Text, strength: int = PANEL) -> None:
    """Draw a dark, translucent background for text; none where there is no room."""
    if min(box.size) <= 0:
        return
    ground = pygame.Surface(box.size, pygame.SRCALPHA)
    pygame.draw.rect(ground, (*INK, strength), ground.get_rect(), border_radius=text.px(12))
    surface.blit(ground, box)


class Hud:
    """Draws the display over the world."""

    def __init__(self, map: Map, ground: pygame.Surface) -> None:
        self._map = map
        height = round(MINIMAP_WIDTH * map.height / map.width)
        self._minimap = self._scaled = pygame.transform.smoothscale(ground, (MINIMAP_WIDTH, height))
        self._sprites = Sprites()
        self.forget()

    def forget(self) -> None:
        """Forget what was seen so far: what comes next is from another time."""
        self._phase, self._go_age = "", GO_SECONDS

    def watch(self, scene: Scene, dt: float) -> None:
        """Notice the start of a round; call it once a frame, ``dt`` seconds after the last one."""
        begins = self._phase == "countdown" and scene.round.phase == "playing"
        self._go_age = 0.0 if begins else self._go_age + dt
        self._phase = scene.round.phase

    def draw(
        self, surface: pygame.Surface, scene: Scene, text: Text, paused: str | None, *, minimap: bool = True
    ) -> None:
        """Draw all but the corner; ``paused`` is the name of the player who has stopped the game."""
        narrow = surface.width < text.px(NARROW)  # too narrow for news between scores and minimap
        if not narrow:
            self._draw_news(surface, scene, text, paused)
        draw_scores(surface, scene, text)
        draw_clock(surface, scene, text)
        if minimap:
            self._draw_minimap(surface, scene, text)
        if narrow:
            self._draw_news(surface, scene, text, paused)

    def _draw_news(self, surface: pygame.Surface, scene: Scene, text: Text, paused: str | None) -> None:
        if paused is None:
            draw_banner(surface, scene, text)
        else:
            _band(surface, text, f"Paused by {paused}", "nothing moves until the game goes on", ACCENT)
        if (share := self._go_age / GO_SECONDS) < 1:
            _draw_large(surface, text, "GO!", ACCENT, 1.0 + 0.5 * share, 1.0 - share**2)

    def free_column(self, surface: pygame.Surface, text: Text, *, minimap: bool = True) -> pygame.Rect:
        """The free space at the right: from the minimap to the corner, beside the clock."""
        below = text.px(WORTH_GAP + WORTH_HEIGHT + WORTH_GAP) + self._minimap_height(text)
        top = text.px(MARGIN) + (below if minimap else 0)
        left = surface.width // 2 + (0 if minimap else text.px(CLOCK))
        height = max(0, surface.height - text.px(CORNER) - top)
        return pygame.Rect(left, top, surface.width - text.px(MARGIN) - left, height)

    def _minimap_height(self, text: Text) -> int:
        return round(text.px(MINIMAP_WIDTH) * self._map.height / self._map.width)

    def _draw_minimap(self, surface: pygame.Surface, scene: Scene, text: Text) -> None:
        """The whole map at the top right, with all resources and players; below it, their worth."""
        if self._scaled.width != text.px(MINIMAP_WIDTH):
            size = (text.px(MINIMAP_WIDTH), self._minimap_height(text))
            self._scaled = pygame.transform.smoothscale(self._minimap, size)
        box = self._scaled.get_rect(topright=(surface.width - text.px(MARGIN), text.px(MARGIN)))
        surface.blit(self._scaled, box)
        pygame.draw.rect(surface, INK, box.inflate(4, 4), 3, border_radius=4)
        scale = box.width / self._map.width
        dots = [
            (r.x, r.y, RESOURCES[r.kind], 2.6 if r.kind == "gem" else 1.6) for r in scene.resources.values()
        ]
        dots += [(p.x, p.y, player_colour(p.colour), 3.4) for p in scene.players.values()]
        dots += [(scene.me.x, scene.me.y, ACCENT, 4.6)] if scene.me else []
        for x, y, colour, radius in dots:
            place = (box.left + x * scale, box.top + y * scale)
            pygame.draw.circle(surface, INK, place, text.scale * radius + 1)
            pygame.draw.circle(surface, colour, place, text.scale * radius)
        self._draw_worth(surface, text, box)

    def _draw_worth(self, surface: pygame.Surface, text: Text, above: pygame.Rect) -> None:
        box = pygame.Rect(above.left, above.bottom + text.px(WORTH_GAP), above.width, text.px(WORTH_HEIGHT))
        panel(surface, box, text)
        x, y = box.left + text.px(22), box.centery
        for kind, points in WORTH.items():
            picture = pygame.transform.smoothscale_by(self._sprites.resource(kind), 0.6 * text.scale)
            surface.blit(picture, picture.get_rect(center=(x, y)))
            text.write(surface, f"+{points}", 20, midleft=(x + text.px(18), y))
            x += box.width // len(WORTH)


def draw_scores(surface: pygame.Surface, scene: Scene, text: Text) -> None:
    """The best players at the top left, and one's own place in any case."""
    ranked = list(enumerate(ranking(scene), start=1))
    shown = ranked[:TOP_SCORES]
    shown += [line for line in ranked[TOP_SCORES:] if line[1][0] == scene.my_id]
    if not shown:
        return
    row = text.px(30)
    box = pygame.Rect(text.px(12), text.px(12), text.px(244), len(shown) * row + text.px(14))
    panel(surface, box, text)
    for line, (place, (id, player)) in enumerate(shown):
        y = box.top + text.px(7) + line * row + row // 2
        _draw_score(surface, text, (box.left + text.px(10), y), place, player, id == scene.my_id)


def _draw_score(
    surface: pygame.Surface, text: Text, start: tuple[int, int], place: int, player: Player, mine: bool
) -> None:
    (x, y), colour = start, FADED if player.away else ACCENT if mine else PAPER
    text.write(surface, f"{place}", 20, FADED, midright=(x + text.px(20), y))
    draw_badge(surface, player.colour, (x + text.px(36), y), text.px(9))
    text.write(surface, player.name, 22, colour, width=text.px(128), midleft=(x + text.px(52), y))
    text.write(surface, f"{player.score}", 24, colour, midright=(x + text.px(224), y))


def draw_clock(surface: pygame.Surface, scene: Scene, text: Text) -> None:
    """At the top in the middle: the round, and the time that is left."""
    left = ceil(seconds_left(scene))
    phase, number = scene.round.phase, max(1, scene.round.number)
    clock = "–:––" if phase == "waiting" else f"{left // 60}:{left % 60:02}"
    playing, hurry = phase == "playing", phase == "playing" and left <= HURRY_SECONDS
    title = "NEXT ROUND" if phase == "over" else f"ROUND {number}"
    box = pygame.Rect(0, text.px(12), text.px(132), text.px(70))
    box.centerx = surface.width // 2
    panel(surface, box, text)
    text.write(surface, title, 15, FADED, midtop=(box.centerx, box.top + text.px(8)))
    colour = WARNING if hurry else PAPER if playing else FADED
    text.write(surface, clock, 40, colour, midbottom=(box.centerx, box.bottom - text.px(2)))


def draw_banner(surface: pygame.Surface, scene: Scene, text: Text) -> None:
    """The news for all players: the countdown, and the winner."""
    left = seconds_left(scene)
    if scene.round.phase == "waiting":
        _band(surface, text, "Waiting for players", "join to begin", PAPER)
    elif scene.round.phase == "countdown":
        _draw_count(surface, text, left)
    elif scene.round.phase == "over":
        _draw_winner(surface, scene, text, ceil(left))


def _draw_count(surface: pygame.Surface, text: Text, left: float) -> None:
    part = left % 1.0
    _draw_large(surface, text, str(max(1, ceil(left))), PAPER, 0.9 + 0.5 * part**2, 1.0)
    width, place = surface.width - 2 * text.px(MARGIN), (surface.width // 2, round(surface.height * 0.37))
    text.write(surface, READY, 26, width=width, outlined=True, center=place)


def _draw_large(
    surface: pygame.Surface, text: Text, word: str, colour: Colour, scale: float, strength: float
) -> None:
    label = pygame.transform.smoothscale_by(text.render(word, 190, colour, outlined=True), 0.75 * scale)
    label.set_alpha(round(255 * strength))
    surface.blit(label, label.get_rect(center=(surface.width // 2, round(surface.height * 0.25))))


def _draw_winner(surface: pygame.Surface, scene: Scene, text: Text, left: int) -> None:
    winner = scene.round.winner
    best = max((player.score for player in scene.players.values()), default=0)
    verb = "share it" if " and " in winner else "wins!"
    title = f"{LTR}{winner} {verb}" if winner else "Nobody scored"
    below = f"with {best} points  ·  " if winner else ""
    _band(surface, text, title, f"{below}next round in {left}", ACCENT)


def _band(surface: pygame.Surface, text: Text, title: str, below: str, colour: Colour) -> None:
    box = pygame.Rect(0, 0, surface.width, text.px(132))
    box.centery = round(surface.height * 0.3)
    ground = pygame.Surface(box.size, pygame.SRCALPHA)
    ground.fill((*INK, 205))
    surface.blit(ground, box)
    for edge in (box.top, box.bottom):
        pygame.draw.line(surface, colour, (0, edge), (box.right, edge), 3)
    (x, y), width = box.center, surface.width - text.px(40)
    size = next((it for it in TITLES if text.width(title, it) <= width), TITLES[-1])
    text.write(surface, title, size, colour, width=width, midbottom=(x, y + text.px(18)))
    text.write(surface, below, 26, width=width, midtop=(x, y + text.px(22)))


def draw_corner(surface: pygame.Surface, scene: Scene, status: Status, text: Text) -> None:
    """At the bottom right: room, players, round trip, frames, and the simulated conditions."""
    rtt = f"RTT {max(1, round(status.rtt * 1000))} ms" if status.rtt is not None else "RTT –"
    count = f"{len(scene.players)} player{'s' if len(scene.players) != 1 else ''}"
    watching = "" if scene.me else "watching: arrows fly"
    parts = (watching, status.room, count, rtt, f"{status.fps:.0f} fps", "F1 help")
    widest = round(surface.width * 0.42)  # the chat has the other half
    words = [f"{LTR}{part}" for part in parts if part]
    while len(words) > 1 and text.width("   ".join(words), 16) > widest:
        del words[0]  # the way to the help comes last
    label = text.render(text.fitted("   ".join(words), 16, widest), 16)
    box = label.get_rect(bottomright=(surface.width - text.px(20), surface.height - text.px(14)))
    panel(surface, box.inflate(text.px(20), text.px(10)), text)
    surface.blit(label, box)
    if status.link:
        link = text.render(text.fitted(f"simulated link: {status.link}", 16, widest), 16, WARNING)
        above = link.get_rect(bottomright=(box.right, box.top - text.px(14)))
        panel(surface, above.inflate(text.px(20), text.px(10)), text)
        surface.blit(link, above)
