"""Notes: a few words below the clock that explain what has just changed."""

import msgspec
import pygame

from workshop.game.drawing.hud import panel
from workshop.game.drawing.palette import ACCENT, PAPER, Colour
from workshop.game.drawing.text import Text

NOTE_SECONDS, FADE_SECONDS = 2.5, 0.3  # how long a note stays; how long it takes to vanish
TOP = 90  # below the clock, in pixels of a window of 1280×720
GROUND = 235  # opacity, 0 to 255


class Note(msgspec.Struct, frozen=True):
    """What has changed, and what that means, in words; shown for ``seconds``."""

    title: str
    words: str
    colour: Colour = ACCENT
    seconds: float = NOTE_SECONDS


class Notes:
    """Shows the newest note until its time is over."""

    def __init__(self) -> None:
        self._note: Note | None = None
        self._left = 0.0

    @property
    def shown(self) -> Note | None:
        """The note that is on the screen."""
        return self._note if self._left > 0 else None

    def show(self, note: Note) -> None:
        """Show a note now, in place of the one before."""
        self._note, self._left = note, note.seconds

    def pass_time(self, dt: float) -> None:
        """Make the note ``dt`` seconds older."""
        self._left -= dt

    def draw(self, surface: pygame.Surface, text: Text) -> None:
        """Draw the note, if there is one, at the top in the middle."""
        if self.shown is not None:
            picture = _painted(self.shown, text, surface.width)
            picture.set_alpha(round(255 * min(1.0, self._left / FADE_SECONDS)))
            surface.blit(picture, picture.get_rect(midtop=(surface.width // 2, text.px(TOP))))


def _painted(note: Note, text: Text, width: int) -> pygame.Surface:
    inside = width - text.px(60)
    title = text.render(text.fitted(note.title, 22, inside), 22, note.colour)
    words = text.render(text.fitted(note.words, 16, inside), 16, PAPER)
    size = (max(title.width, words.width) + text.px(36), text.px(52))
    picture = pygame.Surface(size, pygame.SRCALPHA)
    box = picture.get_rect()
    panel(picture, box, text, GROUND)
    picture.blit(title, title.get_rect(center=(box.centerx, text.px(18))))
    picture.blit(words, words.get_rect(center=(box.centerx, text.px(38))))
    return picture
