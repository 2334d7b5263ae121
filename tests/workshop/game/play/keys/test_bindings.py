"""Which keys somebody can play with."""

import pygame
import pytest

from workshop.game.play.keys.bindings import DEFAULT, NO_KEY, problem, us_name


def test_the_first_keys_are_fine() -> None:
    """W, A, S, D and Space; a choice of places anywhere else is fine, too."""
    assert not problem(DEFAULT)
    assert not problem(DEFAULT | {"up": pygame.KSCAN_I, "collect": pygame.KSCAN_RSHIFT})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"up": NO_KEY}, "There is no key for “up”"),
        ({"down": 100_000}, "There is no key for “down”"),
        ({"up": -1}, "There is no key for “up”"),
        ({"left": pygame.KSCAN_D}, "“left” and “right” have the same key, D"),
        ({"right": pygame.KSCAN_RETURN}, "“right” cannot be Return, which is always for chat"),
        ({"collect": pygame.KSCAN_UP}, "“collect” cannot be Up, which is always for running"),
        ({"up": pygame.KSCAN_SPACE, "collect": pygame.KSCAN_E}, "always for collecting"),
    ],
)
def test_what_nobody_could_play_with(changed: dict[str, int], expected: str) -> None:
    """An action without a key, two with one key, and keys that have a job of their own are named."""
    assert expected in problem(DEFAULT | changed)


def test_keys_are_named_as_on_a_us_keyboard() -> None:
    """A letter, a word, or the number of a key that nobody has heard of."""
    places = (pygame.KSCAN_W, pygame.KSCAN_COMMA, 501)
    assert [us_name(place) for place in places] == ["W", "Comma", "Key 501"]
