"""The lobby: what is chosen, what is typed, and what Enter makes of it."""

import pygame
import pytest

from netlib.discovery.beacon import Room
from workshop.game.drawing.lobby import MOST_ROWS, Lobby
from workshop.game.drawing.window import Window


def room(name: str, port: int = 8765) -> Room:
    """Give a room whose id is its name."""
    return Room(id=name, name=name, players=1, max_players=32, port=port, protocol=1, host="10.0.0.7")


def press(lobby: Lobby, window: Window, rooms: list[Room], *keys: int) -> None:
    """Press keys, one after the other."""
    for key in keys:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
    lobby.take(window, rooms)


def type_in(lobby: Lobby, window: Window, text: str) -> None:
    """Type a text."""
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=text))
    lobby.take(window, [])


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
    """Whoever types wants to go there; Backspace mends, and Escape takes it all back."""
    lobby = Lobby()
    type_in(lobby, window, " 10.0.0.99 ")
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


def test_any_list_can_be_drawn(window: Window) -> None:
    """None, one, more than there is place for, and a name that is far too long."""
    lobby = Lobby()
    for rooms in ([], [room("Ada")], [room(f"{n}" * 64) for n in range(MOST_ROWS + 3)]):
        for now in (0.0, 0.0, 0.1):
            lobby.draw(window, rooms, now)
