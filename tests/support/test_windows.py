"""The helpers for real windows: two windows, a key that reaches one of them, and pictures of both."""

from functools import partial
from pathlib import Path

import pytest

from tests.support.processes import Program, python, running, wait_until
from tests.support.windows import Screen, Window

pytestmark = pytest.mark.window

WINDOW = """
import sys, pygame
pygame.init()
screen = pygame.display.set_mode((320, 200))
pygame.display.set_caption(sys.argv[1])
held = 0
while not pygame.event.peek(pygame.QUIT):
    for event in pygame.event.get((pygame.KEYDOWN, pygame.KEYUP)):
        held += 1 if event.type == pygame.KEYDOWN else -1
        print(sys.argv[1], "held", held, flush=True)
    screen.fill((200, 30, 40) if held else (10, 120, 90))
    pygame.display.flip()
    pygame.time.wait(10)
"""


def shows(window: Window, colour: tuple[int, int, int]) -> bool:
    """Return whether the window's middle has that colour on the screen."""
    return tuple(window.picture().get_at((160, 100)))[:3] == colour


def test_keys_go_to_the_focused_window(xvfb: Screen, tmp_path: Path) -> None:
    """A held key changes the colour of the focused window and of no other; its release changes it back."""
    with (
        running(python("-c", WINDOW, "left"), tmp_path / "left.log", environ=xvfb.environ) as left_program,
        running(python("-c", WINDOW, "right"), tmp_path / "right.log", environ=xvfb.environ) as right_program,
    ):
        left, right = _side_by_side(xvfb, left_program, right_program)
        right.focus()
        with right.held("d"):
            wait_until(lambda: shows(right, (200, 30, 40)), "the right window is red")
            assert shows(left, (10, 120, 90))
        wait_until(lambda: shows(right, (10, 120, 90)), "the right window is green again")
        assert "held" not in left_program.text()


def _side_by_side(xvfb: Screen, first: Program, second: Program) -> tuple[Window, Window]:
    left, right = xvfb.find_window(pid=first.pid), xvfb.find_window(title="^right$")
    left.move(0, 0)
    right.move(1300, 0)
    for window in (left, right):
        wait_until(partial(shows, window, (10, 120, 90)), "a green window")
    return left, right
