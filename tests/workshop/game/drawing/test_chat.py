"""Chat on the screen: who said what, for a while."""

import pygame
import pytest

from netlib.events import ServerError
from tests.support import pixels
from workshop.game.drawing.chat import FADE_SECONDS, LINE_SECONDS, LINES, ChatEntry, ChatLog
from workshop.game.drawing.palette import INK
from workshop.game.drawing.window import Window
from workshop.game.rules.entities import Player
from workshop.game.rules.messages import Chat, Notice


def drawn(log: ChatLog, window: Window, typed: str | None = None) -> bool:
    """Whether it draws anything."""
    window.surface.fill(INK)
    before = window.surface.copy()
    log.draw(window.surface, window.text, typed)
    return window.surface.get_buffer().raw != before.get_buffer().raw


def test_a_line_is_shown_and_fades(window: Window) -> None:
    """A line stays for its time, is hidden then, and comes back while somebody types."""
    log = ChatLog()
    assert not drawn(log, window)
    log.hear(Chat("hi", 1), {1: Player("Ada", 0, 0, 0)})
    log.pass_time(LINE_SECONDS - FADE_SECONDS)
    assert drawn(log, window)
    log.pass_time(FADE_SECONDS + 0.1)
    assert not drawn(log, window)
    assert drawn(log, window, typed="")


def test_all_kinds_of_talk_are_taken(window: Window) -> None:
    """Lines of players who have left, notices and refusals are shown; only the newest are kept."""
    log = ChatLog()
    for event in (Chat("bye", 9), Notice("Ada joined"), ServerError("empty_chat", "type letters"), object()):
        log.hear(event, {})
    assert drawn(log, window)
    for number in range(3 * LINES):
        log.note(f"line {number}")
    assert len(log._lines) == LINES


def test_backspace_shows_what_it_takes() -> None:
    """Of a woman at a computer first the computer goes, then the woman: no key press changes nothing."""
    entry, seen = ChatEntry(), []
    entry.text = "a👩\u200d💻"
    for _ in range(2):
        entry.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_BACKSPACE))
        seen.append(entry.text)
    assert seen == ["a👩", "a"]


def test_a_long_name_leaves_room_for_what_is_said(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest of names takes a part of the line, and the line ends in the left half of the window."""
    window.surface.fill(INK)
    log, words = ChatLog(), pixels.written(window.text, monkeypatch)
    log.say("﷽" * 20, "hello", (255, 0, 0))
    log.draw(window.surface, window.text, None)
    right = window.surface.subsurface(window.surface.width // 2 + 40, 0, 400, window.surface.height)
    assert not pygame.mask.from_threshold(right, INK, (1, 1, 1, 255)).count() - right.width * right.height
    assert "hello" in words
