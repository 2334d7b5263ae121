"""Pictures in a terminal."""

import io
import re
from pathlib import Path

import pygame
import pytest
from rich.console import Console

from workshop.terminal import console, picture


@pytest.fixture
def flag(tmp_path: Path) -> Path:
    """Give a picture that is red above and blue below, with a palette as some tools save them."""
    surface = pygame.Surface((40, 40), depth=8)
    surface.set_palette([(255, 0, 0), (0, 0, 255)])
    surface.fill(1, (0, 20, 40, 20))
    pygame.image.save(surface, tmp_path / "flag.png")
    return tmp_path / "flag.png"


def terminal(
    monkeypatch: pytest.MonkeyPatch, *, encoding: str = "utf-8", colours: bool = True
) -> io.TextIOWrapper:
    """Put such a terminal instead of standard output."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    shown = Console(file=stream, force_terminal=colours, color_system="truecolor" if colours else None)
    monkeypatch.setattr(console, "output", lambda: shown)
    return stream


def test_two_pixels_a_character(flag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The upper one is the character's own colour, the lower one that behind it."""
    stream = terminal(monkeypatch)
    assert picture.show(flag, 2)
    stream.flush()
    told = stream.buffer.getvalue().decode()  # type: ignore[attr-defined]
    numbers = r"38;2;(\d+);(\d+);(\d+);48;2;(\d+);(\d+);(\d+)m▀"
    for found in (both := re.findall(numbers, told)):
        assert [int(it) for it in found] == pytest.approx([255, 0, 0, 0, 0, 255], abs=5)
    assert len(both) == 2 and told.endswith("\n")


@pytest.mark.parametrize(("encoding", "colours"), [("ascii", True), ("utf-8", False)])
def test_no_picture_where_it_cannot_be_shown(
    encoding: str, colours: bool, flag: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without colours, or without the character, nothing is printed."""
    stream = terminal(monkeypatch, encoding=encoding, colours=colours)
    assert not picture.show(flag, 2)
    stream.flush()
    assert not stream.buffer.getvalue()  # type: ignore[attr-defined]
