"""The window: text that fits it, keys that repeat only in text, and no screen at all."""

from pathlib import Path

import pygame
import pytest

from workshop.game.drawing.text import Text
from workshop.game.drawing.window import SCALES, SIZE, ScreenError, Window, opened


def test_text_grows_with_the_window(window: Window) -> None:
    """A larger window has larger text, within limits; the same window keeps its text."""
    text = window.text
    window.events()
    assert window.text is text and text.scale == 1.0
    for size, scale in (((SIZE[0] * 3 // 2, SIZE[1] * 3 // 2), 1.5), ((100, 100), SCALES[0])):
        pygame.display.set_mode(size, pygame.RESIZABLE)
        window.events()
        assert window.text.scale == scale


def test_keys_repeat_only_while_typing(window: Window) -> None:
    """A held Space is one press in the game; a held Backspace erases in the chat."""
    assert pygame.key.get_repeat()[0] == 0
    window.set_typing(True)
    assert pygame.key.get_repeat()[0] > 0
    window.set_typing(False)
    assert pygame.key.get_repeat()[0] == 0


def test_a_driver_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """What SDL cannot do becomes one sentence with what to do next."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    with pytest.raises(ScreenError, match="SDL_VIDEODRIVER=dummy"):
        Window("test")


def test_long_text_is_cut(window: Window) -> None:
    """A text that does not fit ends with dots and fits."""
    text = Text()
    cut = text.fitted("W" * 50, 22, 100)
    assert cut.endswith("…") and text.width(cut, 22) <= 100
    assert text.fitted("Ada", 22, 100) == "Ada"


def test_any_text_can_be_drawn(window: Window) -> None:
    """A name with the character at which pygame gives up, and one without an end, are drawn all the same."""
    text = Text()
    for said in ("A\0da", "\0", "W" * 10**6, "\x1b[2J\u202e"):
        assert text.render(said, 20, outlined=True).width < 10_000
        assert text.wrapped(said, 20, 300).width < 10_000
        assert text.width(text.fitted(said, 20, 100), 20) <= 100


def test_texts_are_kept_but_not_for_ever(window: Window) -> None:
    """The same text is the same picture; old ones are forgotten."""
    text = Text()
    first = text.render("hello", 20)
    assert text.render("hello", 20) is first
    for number in range(700):
        text.render(str(number), 10)
    assert text.render("hello", 20) is not first


def test_a_window_is_closed_behind_us(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever happens in it, the last frame is saved, and the window is gone."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    shot = tmp_path / "shot.png"
    with (
        pytest.raises(RuntimeError, match="in the game"),
        opened("test", seen=True, screenshot=shot) as window,
    ):
        window.surface.fill((1, 2, 3))
        raise RuntimeError("in the game")
    assert pygame.image.load(shot).get_at((5, 5))[:3] == (1, 2, 3)
    assert not pygame.display.get_init()


def test_a_window_that_nobody_sees(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A player is stopped with a sentence; a program that nobody watches is only warned."""
    monkeypatch.setattr("workshop.game.drawing.window.missing_screen", lambda: "No screen")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with pytest.raises(ScreenError, match="No screen"), opened("test", seen=True):
        raise AssertionError("it must not begin")
    with opened("test", seen=False):
        assert "No screen" in capsys.readouterr().err
