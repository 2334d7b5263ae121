"""The bar below a recording: its progress and speed, the player in view, and the keys."""

import msgspec
import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, FADED, INK, PAPER, Colour
from workshop.game.drawing.text import Text

WIDTH, HEIGHT, EDGE = 760, 84, 12  # this and all lengths below are pixels of a window of 1280×720
INSIDE = 16  # between the panel's border and what is in it
TRACK = 6  # height of the line that shows how far it is
KEYS = "Space: pause     Left, Right: speed     Tab: whom to follow     {flying}: fly     Esc: quit"


class Progress(msgspec.Struct, frozen=True):
    """What the bar shows."""

    title: str  # the recording, in words
    time: float  # now, in seconds
    duration: float  # seconds
    speed: float  # seconds of the recording in each second
    paused: bool = False
    following: str = ""  # the player that the camera follows; empty for none
    trouble: str = ""  # what is wrong now, or that it is over; empty for nothing
    flying: str = "W A S D"  # what is written on the keys that fly

    @property
    def share(self) -> float:
        """The share that has been shown, from 0 to 1."""
        return min(1.0, self.time / self.duration) if self.duration else 1.0

    @property
    def pace(self) -> str:
        """The speed, in words."""
        return "paused" if self.paused else f"{self.speed:g}×"


def minutes(seconds: float) -> str:
    """A time as people read it, such as 1:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def draw_bar(surface: pygame.Surface, text: Text, progress: Progress) -> None:
    """Draw the bar, at the bottom right."""
    box = pygame.Rect(0, 0, min(text.px(WIDTH), surface.width - 2 * text.px(EDGE)), text.px(HEIGHT))
    box.bottomright = (surface.width - text.px(EDGE), surface.height - text.px(EDGE))
    panel(surface, box, text, 225)
    inside = box.inflate(-2 * text.px(INSIDE), -2 * text.px(10))
    _draw_words(surface, text, progress, inside)
    _draw_track(surface, text, progress, inside)
    keys = KEYS.format(flying=progress.flying)
    text.write(surface, keys, 15, FADED, width=inside.width, midbottom=inside.midbottom)


def _draw_words(surface: pygame.Surface, text: Text, progress: Progress, inside: pygame.Rect) -> None:
    y = inside.top + text.px(10)
    icon = pygame.Rect(inside.left, 0, text.px(14), text.px(16))
    icon.centery = y
    _draw_icon(surface, icon, ACCENT if progress.paused else PAPER, paused=progress.paused)
    clock = f"{minutes(progress.time)} / {minutes(progress.duration)}"
    left = text.write(surface, f"{progress.pace}    {clock}", 20, midleft=(icon.right + text.px(10), y))
    following = progress.trouble or (
        f"following {progress.following}" if progress.following else "free flight"
    )
    start = icon.right + text.px(40) + left.width
    room = inside.right - start
    right = text.write(surface, following, 18, ACCENT, width=room, midright=(inside.right, y))
    end = right.left - text.px(30)
    if progress.title and start < end:
        text.write(surface, progress.title, 18, FADED, width=end - start, center=((start + end) // 2, y))


def _draw_icon(surface: pygame.Surface, box: pygame.Rect, colour: Colour, *, paused: bool) -> None:
    if paused:
        for left in (box.left, box.right - box.width // 3):
            pygame.draw.rect(surface, colour, (left, box.top, box.width // 3, box.height))
    else:
        pygame.draw.polygon(surface, colour, [box.topleft, box.midright, box.bottomleft])


def _draw_track(surface: pygame.Surface, text: Text, progress: Progress, inside: pygame.Rect) -> None:
    track = pygame.Rect(inside.left, inside.top + text.px(28), inside.width, text.px(TRACK))
    pygame.draw.rect(surface, FADED, track, 1, border_radius=track.height // 2)
    done = pygame.Rect(track.topleft, (round(track.width * progress.share), track.height))
    pygame.draw.rect(surface, ACCENT, done, border_radius=track.height // 2)
    pygame.draw.circle(surface, INK, done.midright, track.height + 1)
    pygame.draw.circle(surface, ACCENT, done.midright, track.height)
