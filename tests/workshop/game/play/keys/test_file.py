"""The file of the player's keys: kept, and what happens when nobody could play with it."""

from pathlib import Path

import pygame
import pytest

from workshop.game.play.keys.bindings import DEFAULT, read, write
from workshop.game.play.keys.place import kept_at

OWN = DEFAULT | {"up": pygame.KSCAN_I}


def test_keys_are_kept(own_progress: Path) -> None:
    """The next window has them; the file is beside the progress, and nothing is said."""
    told: list[str] = []
    assert read(kept_at(), told.append) == DEFAULT
    assert not write(kept_at(), OWN)
    assert read(kept_at(), told.append) == OWN
    assert [path.name for path in own_progress.parent.iterdir()] == ["keys.json"]
    assert not told


def test_the_order_in_the_file_does_not_count(tmp_path: Path) -> None:
    """Somebody may write the file by hand; what we do not know in it is left out."""
    path = tmp_path / "keys.json"
    assert not write(path, {"jump": 5, **dict(reversed(OWN.items()))})
    assert [*read(path).items()] == [*OWN.items()]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "truncated"),
        (b"\xff\xfe{}", ""),
        (b"[26]", "object"),
        (b'{"left": 4, "down": 22, "right": 7, "collect": 44}', "no key for “up”"),
        (b'{"up": 0, "left": 4, "down": 22, "right": 7, "collect": 44}', "no key for “up”"),
        (b'{"up": 26, "left": 26, "down": 22, "right": 7, "collect": 44}', "the same key, W"),
        (b'{"up": "W", "left": 4, "down": 22, "right": 7, "collect": 44}', "`int`"),
        (b'{"up": 1e99, "left": 4, "down": 22, "right": 7, "collect": 44}', ""),
    ],
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes, why: str) -> None:
    """It is renamed, the player is told why and has the first keys."""
    told: list[str] = []
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    assert read(path, told.append) == DEFAULT
    assert (tmp_path / "keys.1.json").read_bytes() == content and not path.exists()
    assert len(told) == 1 and why in told[0] and "keys.1.json" in told[0] and "F2" in told[0]


def test_a_file_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    """It stays where it is; both are told in words."""
    told: list[str] = []
    path = tmp_path / "keys.json"
    path.mkdir()
    assert read(path, told.append) == DEFAULT and path.is_dir()
    assert "cannot be read" in told[0]
    (tmp_path / "file").touch()
    assert "cannot be written" in write(tmp_path / "file" / "keys.json", OWN)
