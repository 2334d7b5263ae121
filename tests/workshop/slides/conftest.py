"""What the tests of the slides share."""

from pathlib import Path

import pytest

from tests.support import decks


@pytest.fixture
def slides(tmp_path: Path) -> Path:
    """Give a folder with two decks, a drawing and a picture."""
    return decks.small(tmp_path / "slides")
