"""The lobby: what is chosen, what is typed, and what Enter makes of it."""

import pygame
import pytest

from netlib.discovery.beacon import Room
from tests.support import pixels
from workshop.game.drawing.lobby import COLUMNS, LEFT, MOST_ROWS, ROW, TOP, Lobby
from workshop.game.drawing.palette import ACCENT, NIGHT
from workshop.game.drawing.window import Window


def room(name: str, port: int = 8765) -> Room:
    """Give a room whose id is its name."""
    return Room(id=name, name=name, players=1, max_players=32, port=port, protocol=1, host="10.0.0.7")


def press(lobby: Lobby, window: Window, rooms: list[Room], *keys: int) -> None:
    """Press keys, one after the other."""
    for key in keys:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    lobby.take(window, rooms)


@pytest.mark.parametrize(("downs", "chosen"), [(0, 1), (1, 2), (2, 1)])
def test_enter_goes_to_the_chosen_room(window: Window, downs: int, chosen: int) -> None:
    """Down goes round; without a choice it is the first room."""
    lobby, rooms = Lobby(), [room("Ada", 1), room("Ben", 2)]
    press(lobby, window, rooms, *[pygame.K_DOWN] * downs, pygame.K_RETURN)
    assert lobby.answer == f"ws://10.0.0.7:{chosen}"


def test_the_choice_stays_when_a_room_comes_above_it(window: Window) -> None:
    """What is chosen is a room, not a line."""
    lobby, ben = Lobby(), room("Ben", 2)
    press(lobby, window, [room("Ada"), ben], pygame.K_DOWN)
    press(lobby, window, [room("Aaron"), room("Ada"), ben], pygame.K_RETURN)
    assert lobby.answer == ben.url


def test_a_typed_address_comes_first(window: Window) -> None:
    """Typing means going there; Backspace corrects, and Escape takes it all back."""
    lobby = Lobby()
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=" 10.0.0.99 "))
    press(lobby, window, [], pygame.K_BACKSPACE, pygame.K_BACKSPACE)
    press(lobby, window, [room("Ada")], pygame.K_RETURN)
    assert lobby.answer == "10.0.0.9"
    press(lobby, window, [room("Ada")], pygame.K_ESCAPE, pygame.K_RETURN)
    assert lobby.answer == room("Ada").url


def test_nothing_is_decided_without_a_room(window: Window) -> None:
    """Enter in an empty lobby does nothing; closing the window ends it."""
    lobby = Lobby()
    press(lobby, window, [], pygame.K_UP, pygame.K_RETURN)
    assert lobby.answer is None
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    lobby.take(window, [])
    assert lobby.answer == ""


def drawn(lobby: Lobby, window: Window, rooms: list[Room]) -> pygame.Surface:
    """Draw some frames; return the picture."""
    for now in (0.0, 0.0, 0.1):
        lobby.draw(window, rooms, now)
    return window.surface


@pytest.mark.parametrize("count", [1, MOST_ROWS, MOST_ROWS + 3])
def test_every_room_has_a_row(window: Window, count: int) -> None:
    """As many rows as there is place for, each with name, players and address, however long the name is."""
    picture = drawn(Lobby(), window, [room(f"{n % 10}" * 64) for n in range(count)])
    rows = [pygame.Rect(LEFT, TOP + ROW * line, 1000, ROW - 18) for line in range(MOST_ROWS + 1)]
    written = [pixels.painted(picture, NIGHT, row) > 100 for row in rows]
    assert written == [line < min(count, MOST_ROWS) for line in range(MOST_ROWS + 1)]
    for column in COLUMNS:
        assert pixels.painted(picture, NIGHT, pygame.Rect(LEFT + column, TOP, 60, ROW - 18))
    assert pixels.painted(picture, NIGHT, pygame.Rect(LEFT + COLUMNS[1] - 28, TOP, 26, ROW - 18)) == 0
    assert pixels.count(picture, ACCENT, pygame.Rect(LEFT - 20, TOP, 2, 20)) == 2 * 20, "the chosen one"


def test_the_line_for_an_address(window: Window) -> None:
    """It has a panel of its own; what is typed is seen in it, and below it what went wrong."""
    lobby, line, below = Lobby(), pygame.Rect(140, 600, 1000, 36), pygame.Rect(140, 660, 1000, 30)
    picture = drawn(lobby, window, [])
    red, green, blue, _ = picture.get_at(line.center)
    panel = (red, green, blue)
    letters = pixels.painted(picture, panel, line)
    help = picture.subsurface(below).copy()
    assert panel != NIGHT and letters and pixels.painted(help, NIGHT)
    lobby.typed, lobby.problem = "10.0.0.9", "Nobody answers"
    picture = drawn(lobby, window, [])
    assert pixels.painted(picture, panel, line) > letters
    assert picture.subsurface(below).get_buffer().raw != help.get_buffer().raw
