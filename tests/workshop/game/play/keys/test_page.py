"""The page on which the player chooses keys, with the keyboard alone."""

from pathlib import Path

import pygame
import pytest

from workshop.game.drawing.text import Text
from workshop.game.play.controls import Controls
from workshop.game.play.keys.bindings import DEFAULT, read
from workshop.game.play.keys.keyboard import Keyboard
from workshop.game.play.keys.place import kept_at
from workshop.game.rules.messages import Move

PLACES = {
    pygame.K_RETURN: pygame.KSCAN_RETURN,
    pygame.K_ESCAPE: pygame.KSCAN_ESCAPE,
    pygame.K_UP: pygame.KSCAN_UP,
    pygame.K_DOWN: pygame.KSCAN_DOWN,
    pygame.K_DELETE: pygame.KSCAN_DELETE,
    pygame.K_F2: pygame.KSCAN_F2,
    pygame.K_a: pygame.KSCAN_A,
    pygame.K_i: pygame.KSCAN_I,
    pygame.K_w: pygame.KSCAN_W,
}
DOWN, ENTER = pygame.K_DOWN, pygame.K_RETURN
TO_KEEP = (pygame.K_UP, pygame.K_UP)  # from the first row


@pytest.fixture
def controls(own_progress: Path) -> Controls:
    """Give controls with a keyboard that is kept in a file, and the page opened."""
    controls = Controls()
    controls.keyboard = Keyboard(kept_at())
    press(controls, pygame.K_F2)
    return controls


def press(controls: Controls, *keys: int) -> None:
    for key in keys:
        event = pygame.event.Event(pygame.KEYDOWN, key=key, scancode=PLACES[key], mod=0)
        controls.handle(event, (1280, 720), Text())


def words(controls: Controls) -> str:
    """What the page says is wrong."""
    page = controls.panels(lambda key: False).key_page
    assert page is not None
    return page.problem


def keys(controls: Controls) -> list[str]:
    """What the page shows for each action."""
    page = controls.panels(lambda key: False).key_page
    assert page is not None
    return [written for _, written in page.rows if written]


def test_another_key_is_chosen_and_kept(controls: Controls) -> None:
    """Enter, the new key, “Keep these”: the page closes, and the next window has it."""
    press(controls, ENTER, pygame.K_i)
    assert keys(controls) == ["I", "A", "S", "D", "Space"]
    assert controls.keyboard.bindings == DEFAULT, "nothing holds before it is kept"
    press(controls, *TO_KEEP, ENTER)
    assert controls.key_page is None and controls.keyboard.bindings["up"] == pygame.KSCAN_I
    assert read(kept_at())["up"] == pygame.KSCAN_I


def test_nobody_runs_while_choosing(controls: Controls) -> None:
    """The page has the keys; no menu and no chat opens under it."""
    assert controls.walk(lambda key: key == pygame.K_w) == Move()
    press(controls, ENTER, pygame.K_w)
    assert controls.chat.text is None and controls.menu is None
    press(controls, pygame.K_ESCAPE)
    assert controls.key_page is None and controls.menu is None and controls.playing


def test_without_up_it_is_refused(controls: Controls) -> None:
    """Delete takes the key away; “Keep these” says in words what is missing, and keeps nothing."""
    press(controls, pygame.K_DELETE)
    assert keys(controls)[0] == "no key"
    press(controls, *TO_KEEP, ENTER)
    assert "There is no key for “up”" in words(controls)
    assert controls.keyboard.bindings == DEFAULT and not kept_at().exists()


def test_one_key_twice_is_refused(controls: Controls) -> None:
    """Both actions are named, at once and again at “Keep these”; two keys can change places on the way."""
    press(controls, ENTER, pygame.K_a)
    assert "“up” and “left” have the same key, A" in words(controls)
    press(controls, *TO_KEEP, ENTER)
    assert "“up” and “left” have the same key, A" in words(controls)
    press(controls, DOWN, DOWN, DOWN, ENTER, pygame.K_w)
    assert not words(controls)
    press(controls, *TO_KEEP, pygame.K_UP, ENTER)
    kept = read(kept_at())
    assert (kept["up"], kept["left"]) == (pygame.KSCAN_A, pygame.KSCAN_W)


def test_keys_with_a_job_of_their_own_are_refused(controls: Controls) -> None:
    """Enter is for chat, whatever is chosen."""
    press(controls, ENTER, ENTER)
    assert "always for chat" in words(controls)


@pytest.mark.parametrize("leave", [pygame.K_ESCAPE, pygame.K_F2])
def test_leaving_changes_nothing(controls: Controls, leave: int) -> None:
    """Esc while a key is awaited keeps the one before; Esc or F2 on the page leave all as it was."""
    press(controls, ENTER, pygame.K_ESCAPE)
    assert keys(controls)[0] == "W"
    press(controls, ENTER, pygame.K_i, leave)
    assert controls.key_page is None and controls.keyboard.bindings == DEFAULT


def test_as_at_first(controls: Controls) -> None:
    """The last row but one above brings W, A, S, D and Space back."""
    press(controls, ENTER, pygame.K_i, pygame.K_UP, ENTER)
    assert keys(controls) == ["W", "A", "S", "D", "Space"]


def test_keys_that_cannot_be_written_hold_for_now(controls: Controls) -> None:
    """The page says why, and the keys count in this window."""
    kept_at().mkdir()
    press(controls, ENTER, pygame.K_i, *TO_KEEP, ENTER)
    assert "cannot be written" in words(controls)
    assert controls.keyboard.bindings["up"] == pygame.KSCAN_I
