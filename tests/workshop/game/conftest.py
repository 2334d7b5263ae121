"""A window that nobody sees, for tests that draw."""

from collections.abc import Iterator

import pytest

from workshop.game.drawing.window import Window


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """Give a window of 1280×720 on SDL's dummy driver."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = Window("test")
    yield window
    window.close()
