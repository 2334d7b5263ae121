"""What the tests of commands and of the game's flags share."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import course


@pytest.fixture
def quiet_log() -> Iterator[None]:
    """Take the handlers away that a test has added."""
    logger = logging.getLogger("netlib")
    before, level = list(logger.handlers), logger.level
    yield
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()
    logger.setLevel(level)


@pytest.fixture(autouse=True)
def own_progress(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep progress in a folder of the test's own, never in the checkout's; children inherit that."""
    file = tmp_path_factory.mktemp("kept") / "progress.json"
    monkeypatch.setenv("WORKSHOP_PROGRESS", str(file))
    return file


@pytest.fixture
def course_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put a small workshop of three steps in the place of the real one; give its folder, where we now are."""
    monkeypatch.setenv("WORKSHOP_TYPED", "py -m workshop")
    return course.install(monkeypatch, tmp_path)
