"""The window, on a screen or off it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pygame

from workshop.errors import WorkshopError
from workshop.files import set_aside
from workshop.game.drawing.sprites import Sprites
from workshop.game.drawing.text import Text
from workshop.terminal.console import warn

SIZE = (1280, 720)  # pixels, at first
SCALES = (0.15, 2.0)  # smallest and largest scale of text
READABLE = 0.85  # the scale that text keeps in small windows, while all panels still fit
ROOM = (680, 440)  # pixels, times the scale: where all panels fit
UNSEEN_DRIVERS = ("dummy", "offscreen")  # SDL's drivers that show nothing
TYPING_REPEAT, NO_REPEAT = (500, 40), (0, 0)  # milliseconds until a held key repeats, and between repeats
ADVICE = (
    "start it on a desktop (over SSH, set DISPLAY), or set SDL_VIDEODRIVER=dummy to draw without a screen."
)


class ScreenError(WorkshopError):
    """There is no screen to open a window on; the text says what to do."""


class Window:
    """A resizable window with text that grows with it.

    Attributes:
        text: renders text in sizes for this window.
        closed: the player has had enough; whoever draws in it notes it here.

    Raises:
        ScreenError: SDL cannot open a window here.
    """

    def __init__(self, title: str) -> None:
        try:
            pygame.display.init()
            pygame.display.set_mode(SIZE, pygame.RESIZABLE)
        except pygame.error as error:
            raise ScreenError(f"No window could be opened ({error}): {ADVICE}") from error
        pygame.font.init()
        pygame.display.set_caption(title)
        pygame.display.set_icon(Sprites().resource("gem"))
        pygame.key.stop_text_input()
        self.text = Text(_scale(SIZE))
        self.closed = self._typing = False

    @property
    def surface(self) -> pygame.Surface:
        """What to draw on; a new one after the size has changed."""
        surface = pygame.display.get_surface()
        assert surface is not None, "the window is closed"
        return surface

    def events(self) -> list[pygame.event.Event]:
        """What the player has done since the last call."""
        events = pygame.event.get()
        if self.text.scale != _scale(self.surface.size):
            self.text = Text(_scale(self.surface.size), self.text.fonts)
        return events

    def set_typing(self, typing: bool, line: pygame.Rect | None = None) -> None:
        """Set whether keys make text, in this line; only then may the system open its aids for typing."""
        if typing != self._typing:
            self._typing = typing
            if typing and line:
                pygame.key.set_text_input_rect(line)
            (pygame.key.start_text_input if typing else pygame.key.stop_text_input)()
            pygame.key.set_repeat(*(TYPING_REPEAT if typing else NO_REPEAT))

    def save(self, path: str | Path) -> None:
        """Write the last frame as a PNG file; an existing file of that name is renamed."""
        set_aside(Path(path))
        pygame.image.save(self.surface, str(path))

    def close(self) -> None:
        """Close it; the program may go on."""
        pygame.quit()


OPEN: ContextVar[Window | None] = ContextVar("OPEN", default=None)


@contextmanager
def opened(title: str, *, seen: bool, screenshot: str | Path | None = None) -> Iterator[Window]:
    """A window for the length of the block; within another such block it is that window, with a new title.

    Args:
        seen: a player must be able to see it; otherwise a missing screen is only worth a warning.
        screenshot: where to save the last frame, as a PNG file.

    Raises:
        ScreenError: SDL cannot open a window here, or only one that cannot be seen.
    """
    if outer := OPEN.get():
        pygame.display.set_caption(title)
        yield outer
        return
    window = Window(title)
    token = OPEN.set(window)
    try:
        if warning := missing_screen():
            if seen:
                raise ScreenError(warning)
            warn(warning)
        yield window
    finally:
        if screenshot is not None:
            window.save(screenshot)
        OPEN.reset(token)
        window.close()


def _scale(size: tuple[int, int]) -> float:
    scale = min(size[0] / SIZE[0], size[1] / SIZE[1])
    fitting = min(size[0] / ROOM[0], size[1] / ROOM[1])
    return min(max(scale, min(READABLE, fitting), SCALES[0]), SCALES[1])


def has_room(size: tuple[int, int], text: Text) -> bool:
    """Whether a window of this size can show panels; a tinier one shows only the world."""
    return all(length + 1 >= most * text.scale for length, most in zip(size, ROOM, strict=True))


def missing_screen() -> str | None:
    """A warning if the window cannot be seen although it should be; otherwise None."""
    driver = pygame.display.get_driver()
    wanted = os.environ.get("SDL_VIDEODRIVER", "") or os.environ.get("SDL_VIDEO_DRIVER", "")
    if driver not in UNSEEN_DRIVERS or driver in wanted.split(","):
        return None
    return f"No screen was found, so nobody can see the game: {ADVICE}"
