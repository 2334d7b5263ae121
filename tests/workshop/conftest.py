"""What the tests of commands and of the game's flags share."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import course
from tests.support.classes import errands
from tests.support.commands import LOOPBACK, TYPED, Shell
from tests.support.processes import wait_until


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
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix how the person started us."""
    monkeypatch.setenv("WORKSHOP_TYPED", TYPED)


@pytest.fixture
def course_root(typed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Put a small workshop of three steps instead of the real one; give its folder, where we now are."""
    return course.install(monkeypatch, tmp_path)


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Give a function that runs a command in this process and returns what it prints."""
    return Shell(capsys)


@pytest.fixture
def silent() -> Iterator[str]:
    """Give an address at which a connection is accepted, and nothing is ever said."""
    with socket.create_server((LOOPBACK, 0)) as listening:
        yield f"{LOOPBACK}:{listening.getsockname()[1]}"


@pytest.fixture
def no_thread_stays() -> Iterator[None]:
    """See that every errand to a host comes to its end soon after its command."""
    yield
    wait_until(lambda: not errands(), "the end of all errands")
