"""What all tests share. Nothing is skipped in CI (CI=true): what is missing there is a failure."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from tests.support import tools, windows

if TYPE_CHECKING:
    from workshop.game.drawing.window import Window

SCREEN_SIZE = (2600, 800)  # pixels: room for two windows of the game, side by side
LEFT_OUT = ("window", "root", "slow")
HOW_TO_RUN = "more time or a screen or the superuser is needed: python3 -m workshop test --all"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --all."""
    parser.addoption("--all", action="store_true", help=f"run also the tests marked {', '.join(LEFT_OUT)}")


def pytest_configure(config: pytest.Config) -> None:
    """Let hypothesis try a few examples or, with --all, many; without a stopwatch: some machines are busy."""
    for name, examples in (("quick", 25), ("all", 100)):
        settings.register_profile(
            name, deadline=None, max_examples=examples, suppress_health_check=[HealthCheck.too_slow]
        )
    wanted = config.getoption("--hypothesis-profile")
    settings.load_profile(wanted or ("all" if config.getoption("--all") else "quick"))


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist, for -n auto
def pytest_xdist_auto_num_workers() -> int:
    """Take two processes for each processor: half of what a test does is waiting."""
    return 2 * (os.cpu_count() or 1)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what nobody asked for and what cannot run on this machine; in CI the latter fails."""
    if any(item.get_closest_marker(name) for name in LEFT_OUT) and not is_asked_for(item):
        pytest.skip(HOW_TO_RUN)
    if item.get_closest_marker("root"):
        tools.need_root()
    if item.get_closest_marker("window"):
        tools.need_windows()


def is_asked_for(item: pytest.Item) -> bool:
    """Return whether the person wants all tests, some by their mark, or this one's own file."""
    files = {Path(words.partition("::")[0]).resolve() for words in item.config.args}
    options = item.config.option
    return bool(options.all or options.markexpr) or item.path in files


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Window]":
    """Give a window of 1280×720 that nobody sees, on SDL's dummy driver."""
    from workshop.game.drawing.window import Window  # late: most tests draw nothing

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = Window("test")
    yield window
    window.close()


@pytest.fixture
def xvfb(tmp_path: Path) -> Iterator[windows.Screen]:
    """Give a virtual screen with room for two windows of the game; needs Xvfb and xdotool."""
    tools.need_windows()
    folder = tmp_path / "xvfb"
    folder.mkdir()
    with windows.screen(folder, *SCREEN_SIZE) as screen:
        yield screen
