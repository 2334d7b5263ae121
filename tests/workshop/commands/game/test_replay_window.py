"""`workshop replay` in a real window: a hand on the mouse, and one on the keys."""

from pathlib import Path

import pygame
import pytest

from tests.support import pixels
from tests.support.processes import python, running, wait_until
from tests.support.recordings import a_game_to_watch
from tests.support.windows import Window, screen
from workshop.game.drawing.palette import ACCENT, INK
from workshop.game.drawing.replay_panels import HEIGHT, TRACK, TRACK_AT, WIDTH

pytestmark = pytest.mark.window
SIZE = (1280, 720)
LINE = pygame.Rect(0, SIZE[1] - HEIGHT + TRACK_AT + TRACK // 2, SIZE[0], 1)


def share(window: Window) -> float:
    """How full the bar's line is, from 0 to 1."""
    return pixels.count(window.screen.picture(), ACCENT, LINE) / LINE.width


def test_scrubbing_with_the_mouse(tmp_path: Path) -> None:
    """Dragged along the bar, the picture follows; the message opens; Esc ends it well."""
    a_game_to_watch(tmp_path / "a.rec")
    with screen(tmp_path, *SIZE) as xvfb:
        words = ("-m", "workshop", "replay", str(tmp_path / "a.rec"), "--speed", "0.05")
        with running(python(*words), tmp_path / "log", environ=xvfb.environ) as program:
            window = xvfb.find_window(title=r"a\.rec")
            window.focus()
            wait_until(lambda: 0 < share(window) < 0.1, "the bar, at its beginning")
            mouse = ("mousemove", "--window", window.number)
            for place, wanted in ((640, 0.5), (960, 0.75), (320, 0.25)):
                xvfb.xdotool(*mouse, str(place), str(LINE.y))
                xvfb.xdotool("mousedown", "1")
                wait_until(lambda: abs(share(window) - wanted) < 0.03, f"{wanted:.0%} of it")  # noqa: B023
            xvfb.xdotool("mouseup", "1")
            window.press("m")
            beside = (SIZE[0] - WIDTH // 2, SIZE[1] - HEIGHT - 12)
            wait_until(lambda: xvfb.picture().get_at(beside)[:3] == INK, "the panel")
            window.press("Escape")
            assert program.wait() == 0
