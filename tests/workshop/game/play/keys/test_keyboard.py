"""The keyboard: keys by their place, and the letters that we learn."""

import pygame
import pytest

from workshop.game.play.keys.bindings import DEFAULT
from workshop.game.play.keys.keyboard import DIGITS, PLACES, Keyboard

FRENCH = {pygame.KSCAN_W: "z", pygame.KSCAN_A: "q", pygame.KSCAN_S: "s", pygame.KSCAN_D: "d"}
GREEK = {pygame.KSCAN_W: "ς", pygame.KSCAN_A: "α", pygame.KSCAN_S: "σ", pygame.KSCAN_D: "δ"}
WAYS = (pygame.K_w, pygame.K_a, pygame.K_s, pygame.K_d)


class Pressed(tuple[bool, ...]):
    """As `pygame.key.get_pressed` gives it: a tuple by scancode that looks a key up by its letter."""

    letters: dict[int, int]

    def __getitem__(self, key: int) -> bool:  # type: ignore[override]
        return tuple.__getitem__(self, self.letters.get(key, 0))


def hold(monkeypatch: pytest.MonkeyPatch, *places: int, letters: dict[int, str]) -> None:
    """Hold down the keys at these scancodes, on a keyboard with these letters."""
    pressed = Pressed(place in places for place in range(512))
    pressed.letters = {ord(letter): place for place, letter in letters.items()}
    monkeypatch.setattr(pygame.key, "get_pressed", lambda: pressed)


def strike(keyboard: Keyboard, place: int, letter: str) -> int:
    """Press the key there; return what it means."""
    return keyboard.take(pygame.event.Event(pygame.KEYDOWN, key=ord(letter), scancode=place))


@pytest.mark.parametrize("letters", [FRENCH, GREEK, {}])
def test_movement_goes_by_place(monkeypatch: pytest.MonkeyPatch, letters: dict[int, str]) -> None:
    """The four places mean the four ways on any layout, whether held or pressed."""
    keyboard = Keyboard()
    for key in WAYS:
        place = PLACES[key]
        hold(monkeypatch, place, letters=letters)
        assert [it for it in WAYS if keyboard.held()(it)] == [key]
        assert strike(keyboard, place, letters.get(place, chr(key))) == key


def test_a_letter_elsewhere_is_no_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The French W lies where a US keyboard has Z: it does not move."""
    keyboard = Keyboard()
    hold(monkeypatch, pygame.KSCAN_Z, letters={**FRENCH, pygame.KSCAN_Z: "w"})
    assert not keyboard.held()(pygame.K_w)
    assert strike(keyboard, pygame.KSCAN_Z, "w") == pygame.K_UNKNOWN


def test_other_letters_go_by_what_is_written_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Latin letters C is the key with a C; a layout without one has it where a US keyboard does."""
    keyboard = Keyboard()
    hold(monkeypatch, pygame.KSCAN_I, letters={pygame.KSCAN_I: "c"})
    assert strike(keyboard, pygame.KSCAN_I, "c") == pygame.K_c and keyboard.held()(pygame.K_c)
    hold(monkeypatch, pygame.KSCAN_C, letters={pygame.KSCAN_C: "с"})
    assert strike(keyboard, pygame.KSCAN_C, "с") == pygame.K_c and keyboard.held()(pygame.K_c)


@pytest.mark.parametrize("row", ["&é\"'(-è_çà", "+ěščřžýáíé", "1234567890"])
def test_digits_go_by_place(row: str) -> None:
    """The row above the letters has the digits, also where they need Shift, as in France and Czechia."""
    keyboard = Keyboard()
    meant = [strike(keyboard, place, letter) for place, letter in zip(DIGITS, row, strict=True)]
    assert meant == [ord(digit) for digit in "1234567890"]


def test_letters_are_learned() -> None:
    """What is written on the keys is shown as soon as we know it; until then an arrow stands in for it."""
    keyboard = Keyboard()
    shown = [tuple(keyboard.labels().values())]
    for place, letter in FRENCH.items():
        strike(keyboard, place, letter)
        shown.append(tuple(keyboard.labels().values())[:4])
    assert shown[0] == ("W", "A", "S", "D", "Space")
    assert shown[1:] == [
        ("Z", "←", "↓", "→"),
        ("Z", "Q", "↓", "→"),
        ("Z", "Q", "S", "→"),
        ("Z", "Q", "S", "D"),
    ]


def test_two_greek_sigmas_are_told_apart() -> None:
    """Only letters with one capital are shown as capitals."""
    keyboard = Keyboard()
    for place, letter in GREEK.items():
        strike(keyboard, place, letter)
    assert [*keyboard.labels().values()][:4] == ["ς", "Α", "Σ", "Δ"]


@pytest.mark.parametrize("told", [True, False])
def test_the_layout_changes_while_playing(told: bool) -> None:
    """The system says so, or a key has another letter than before: nothing of the old one is shown."""
    keyboard = Keyboard()
    for place, letter in FRENCH.items():
        strike(keyboard, place, letter)
    if told:
        keyboard.take(pygame.event.Event(pygame.KEYMAPCHANGED))
        assert keyboard.labels()["W"] == "W", "nothing is known of the new one"
    strike(keyboard, pygame.KSCAN_W, "ц")
    assert [*keyboard.labels().values()][:4] == ["Ц", "←", "↓", "→"]


def test_own_keys_move_and_the_first_ones_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a choice its places count; Space collects always."""
    keyboard = Keyboard()
    assert not keyboard.keep(DEFAULT | {"up": pygame.KSCAN_I, "collect": pygame.KSCAN_RSHIFT})
    hold(monkeypatch, pygame.KSCAN_I, pygame.KSCAN_RSHIFT, letters={})
    assert keyboard.held()(pygame.K_w) and keyboard.held()(pygame.K_SPACE)
    hold(monkeypatch, pygame.KSCAN_W, pygame.KSCAN_SPACE, letters={pygame.KSCAN_SPACE: " "})
    assert not keyboard.held()(pygame.K_w) and keyboard.held()(pygame.K_SPACE)
    assert strike(keyboard, pygame.KSCAN_I, "i") == pygame.K_w
    assert strike(keyboard, pygame.KSCAN_W, "w") == pygame.K_UNKNOWN
    assert strike(keyboard, pygame.KSCAN_SPACE, " ") == pygame.K_SPACE
    assert keyboard.labels()["W"] == "I"


def test_a_script_has_keys_and_no_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in for pygame's keyboard is asked by key, whatever the player has chosen."""
    keyboard = Keyboard()
    keyboard.keep(DEFAULT | {"up": pygame.KSCAN_I})
    monkeypatch.setattr(pygame.key, "get_pressed", lambda: {pygame.K_w: True})
    assert keyboard.held()(pygame.K_w)
    event = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_w, scancode=0)
    assert keyboard.take(event) == pygame.K_w
    assert keyboard.labels()["W"] == "I"


def test_keys_without_a_character_have_their_names(window: object) -> None:
    """Shift, Delete and Space are shown in words."""
    keyboard = Keyboard()
    for key, place in (
        (pygame.K_LSHIFT, pygame.KSCAN_LSHIFT),
        (pygame.K_DELETE, pygame.KSCAN_DELETE),
        (pygame.K_SPACE, pygame.KSCAN_SPACE),
    ):
        keyboard.take(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=place))
    places = (pygame.KSCAN_LSHIFT, pygame.KSCAN_DELETE, pygame.KSCAN_SPACE)
    assert [keyboard.written(place) for place in places] == ["Left Shift", "Delete", "Space"]
