"""Chat on the screen: who said what, for a while."""

from netlib.events import ServerError
from workshop.game.drawing.chat import FADE_SECONDS, LINE_SECONDS, LINES, ChatLog
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
