"""What all tests share. Nothing is skipped in CI (CI=true): what is missing there is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from tests.support import tools, windows

SCREEN_SIZE = (2600, 800)  # pixels: room for two windows of the game, side by side


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --slow."""
    parser.addoption("--slow", action="store_true", help="run the tests that take most of a minute, too")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run on this machine; in CI fail it."""
    if item.get_closest_marker("root"):
        tools.need_root()
    if item.get_closest_marker("window"):
        tools.need_windows()
    if item.get_closest_marker("slow") and not (tools.in_ci() or item.config.getoption("--slow")):
        pytest.skip("slow: run it with --slow")


@pytest.fixture
def xvfb(tmp_path: Path) -> Iterator[windows.Screen]:
    """Give a virtual screen with room for two windows of the game; needs Xvfb and xdotool."""
    tools.need_windows()
    folder = tmp_path / "xvfb"
    folder.mkdir()
    with windows.screen(folder, *SCREEN_SIZE) as screen:
        yield screen
