"""The window of step 00: it greets, moves by the arrow keys, and ends."""

from pathlib import Path

import pygame
import pytest

from solutions.step00_ready import client
from tests.support.processes import python, running, wait_until
from tests.support.windows import Screen, Window
from workshop.game.drawing.palette import ACCENT

MODULES = ["starter.step00_ready.client", "solutions.step00_ready.client"]
FLOOR = pygame.Rect(0, 0, 1280, 720)


@pytest.mark.parametrize("module", MODULES)
def test_it_ends_by_itself(module: str, tmp_path: Path) -> None:
    """Without a screen it runs for the time that it was given, and saves the last frame."""
    picture = tmp_path / "shot.png"
    words = python("-m", module, "--seconds", "0.3", "--screenshot", picture)
    with running(words, tmp_path / "log", environ={"SDL_VIDEODRIVER": "dummy"}) as program:
        assert program.wait() == 0, program.text()
    assert pygame.image.load(picture).get_at(FLOOR.center)[:3] == ACCENT


def test_no_screen(tmp_path: Path) -> None:
    """Where there is no screen it says what to do, without a traceback."""
    environ = {"SDL_VIDEODRIVER": "no_such_driver"}
    with running(python("-m", MODULES[0]), tmp_path / "log", environ=environ) as program:
        assert program.wait() == 1
    assert "No window could be opened" in program.text()
    assert "Traceback" not in program.text()


def held(monkeypatch: pytest.MonkeyPatch, *keys: int) -> None:
    """Hold these keys down."""
    monkeypatch.setattr(pygame.key, "get_pressed", lambda: {key: key in keys for key in client.ARROWS})


def test_the_square_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    """An arrow key moves it by its speed, two keys no faster, and opposite ones not at all."""
    square = client.Square(FLOOR.center)
    held(monkeypatch, pygame.K_RIGHT)
    square.move(0.1, FLOOR)
    assert tuple(square.middle) == (640 + client.SPEED * 0.1, 360)
    held(monkeypatch, pygame.K_LEFT, pygame.K_UP)
    square.move(0.1, FLOOR)
    assert (square.middle - (688, 360)).length() == pytest.approx(client.SPEED * 0.1)
    held(monkeypatch, pygame.K_LEFT, pygame.K_RIGHT)
    before = square.middle.copy()
    square.move(0.1, FLOOR)
    assert square.middle == before


def test_the_square_stays_on_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a key is held, and however small the window becomes."""
    square = client.Square(FLOOR.center)
    held(monkeypatch, pygame.K_RIGHT, pygame.K_DOWN)
    square.move(100.0, FLOOR)
    assert tuple(square.middle) == (FLOOR.width - client.SIDE / 2, FLOOR.height - client.SIDE / 2)
    square.move(0.0, pygame.Rect(0, 0, 640, 360))
    assert tuple(square.middle) == (640 - client.SIDE / 2, 360 - client.SIDE / 2)


def place(window: Window) -> tuple[int, int] | None:
    """Where the square is, as the screen shows it."""
    picture = window.picture()
    mask = pygame.mask.from_threshold(picture, ACCENT, (6, 6, 6, 255))
    return mask.centroid() if mask.count() > client.SIDE**2 / 2 else None


@pytest.mark.window
def test_keys(xvfb: Screen, tmp_path: Path) -> None:
    """On a screen an arrow key moves the square, and Esc closes the window, through `workshop run`."""
    words = python("-m", "workshop", "run", "0")
    environ = {**xvfb.environ, "WORKSHOP_PROGRESS": str(tmp_path / "progress.json")}
    with running(words, tmp_path / "log", environ=environ) as program:
        window = xvfb.find_window(title="Step 00")
        wait_until(lambda: place(window), "the square is there")
        window.focus()
        begin = place(window)
        assert begin is not None
        with window.held("Right"):
            wait_until(lambda: (now := place(window)) and now[0] > begin[0] + 100, "the square moves")
        window.press("Escape")
        assert program.wait() == 0, program.text()
