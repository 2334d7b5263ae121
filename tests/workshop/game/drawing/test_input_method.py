"""Input methods keep their keys while they compose."""

import pygame
import pytest

from netlib.discovery.beacon import Room
from workshop.game.drawing.chat import ChatEntry, ChatLog
from workshop.game.drawing.lobby import Lobby
from workshop.game.drawing.window import Window

OWN_KEYS = (pygame.K_RETURN, pygame.K_ESCAPE, pygame.K_BACKSPACE, pygame.K_LEFT, pygame.K_UP, pygame.K_SPACE)


def editing(text: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTEDITING, text=text, start=0, length=len(text))


def typing(text: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.TEXTINPUT, text=text)


def pressing(key: int) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, mod=0)


@pytest.fixture
def entry() -> ChatEntry:
    """Give a line of chat with two letters."""
    entry = ChatEntry()
    entry.text = "hi"
    return entry


def test_return_accepts_what_is_composed(entry: ChatEntry) -> None:
    """Return ends the composing and sends nothing; the next Return sends the line."""
    events = [editing("nihon"), pressing(pygame.K_RETURN), editing(""), typing("日本")]
    assert [entry.handle(event) for event in events] == [None] * 4
    assert entry.text == "hi日本"
    assert entry.handle(pressing(pygame.K_RETURN)) == "hi日本"


@pytest.mark.parametrize("key", OWN_KEYS)
def test_keys_while_composing_are_the_methods(entry: ChatEntry, key: int) -> None:
    """None of them sends, closes or edits the line; what is composed can be read all the time."""
    entry.handle(editing("ni"))
    assert entry.handle(pressing(key)) is None
    assert (entry.text, entry.composing) == ("hi", "ni")


@pytest.mark.parametrize(
    "end",
    [editing(""), typing("に"), pygame.event.Event(pygame.WINDOWFOCUSLOST)],
    ids=["empty", "text", "focus"],
)
def test_after_composing_the_keys_are_the_lines(entry: ChatEntry, end: pygame.event.Event) -> None:
    """Given up, accepted, or away to another window: then Escape closes the line."""
    for event in (editing("ni"), end):
        entry.handle(event)
    assert entry.composing == ""
    entry.handle(pressing(pygame.K_ESCAPE))
    assert entry.text is None


def test_what_is_composed_is_shown(window: Window) -> None:
    """It stands in the line after what is typed, under a line of its own."""
    pictures = set()
    for typed, composing in (("hi", ""), ("hi", "ni"), ("hini", ""), ("hi", "n" * 500)):
        window.surface.fill("black")
        ChatLog().draw(window.surface, window.text, typed, composing)
        pictures.add(pygame.image.tobytes(window.surface, "RGB"))
    assert len(pictures) == 4


def test_the_lobby_leaves_them_their_keys(window: Window) -> None:
    """Return while composing goes to no room."""
    room = Room(id="a", name="Gem Rush", players=0, max_players=8, port=1, protocol=1, host="10.0.0.1")
    lobby, rooms = Lobby(), [room]
    for event in (editing("ni"), pressing(pygame.K_RETURN)):
        pygame.event.post(event)
    lobby.take(window, rooms)
    assert lobby.answer is None
    for event in (editing(""), typing("x"), pressing(pygame.K_RETURN)):
        pygame.event.post(event)
    lobby.take(window, rooms)
    assert lobby.answer == "x"
