"""Notes: the newest is shown, for a while."""

import pygame

from workshop.game.drawing.notes import NOTE_SECONDS, Note, Notes
from workshop.game.drawing.window import Window

FIRST, SECOND = Note("Latency 100 ms", "added to the round trip"), Note("Back again", "…", seconds=4.0)


def test_a_note_is_shown_for_its_time() -> None:
    """It goes by itself, after as many seconds as it says."""
    notes = Notes()
    assert notes.shown is None
    notes.show(FIRST)
    notes.pass_time(NOTE_SECONDS - 0.1)
    assert notes.shown == FIRST
    notes.pass_time(0.2)
    assert notes.shown is None


def test_a_new_note_replaces_the_old_one() -> None:
    """A player who presses keys fast sees the last one, for its whole time."""
    notes = Notes()
    notes.show(FIRST)
    notes.pass_time(NOTE_SECONDS - 0.1)
    notes.show(SECOND)
    notes.pass_time(3.9)
    assert notes.shown == SECOND


def test_a_note_stands_below_the_clock(window: Window) -> None:
    """It is in the middle, and covers neither scores nor clock nor minimap; later nothing is left of it."""
    notes = Notes()
    notes.show(FIRST)
    window.surface.fill((0, 255, 0))
    notes.draw(window.surface, window.text)
    green = pygame.mask.from_threshold(window.surface, (0, 255, 0), (2, 2, 2, 255))
    green.invert()
    (box,) = green.get_bounding_rects()
    assert abs(box.centerx - 640) <= 1 and box.top > 82 and box.bottom < 150 and box.left > 256
    notes.pass_time(NOTE_SECONDS)
    window.surface.fill((0, 255, 0))
    notes.draw(window.surface, window.text)
    assert pygame.mask.from_threshold(window.surface, (0, 255, 0), (2, 2, 2, 255)).count() == 1280 * 720
