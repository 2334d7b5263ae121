"""Controls: what is pressed becomes what is meant."""

from collections.abc import Callable
from math import hypot

import pygame
import pytest

from netlib.transport.conditioner import PERFECT, LinkConditions
from workshop.game.drawing.overlays import menu_boxes
from workshop.game.drawing.text import Text
from workshop.game.play.controls import EAGER_TICKS, Controls, direction
from workshop.game.rules.chat_rules import MAX_CHAT
from workshop.game.rules.messages import Move

SIZE = (1280, 720)
TEXT = Text()


@pytest.fixture
def controls() -> Controls:
    """Give controls that nobody has touched."""
    return Controls()


def held(*keys: int) -> Callable[[int], bool]:
    return lambda key: key in keys


def press(controls: Controls, *keys: int) -> str | None:
    """Press keys one after the other; return the line of chat that the last one finished."""
    line = None
    for key in keys:
        line = controls.handle(pygame.event.Event(pygame.KEYDOWN, key=key), SIZE, TEXT)
    return line


def typed(controls: Controls, text: str) -> None:
    controls.handle(pygame.event.Event(pygame.TEXTINPUT, text=text), SIZE, TEXT)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((), (0, 0)),
        ((pygame.K_RIGHT,), (1, 0)),
        ((pygame.K_w,), (0, -1)),
        ((pygame.K_LEFT, pygame.K_d), (0, 0)),
    ],
)
def test_keys_point(keys: tuple[int, ...], expected: tuple[float, float]) -> None:
    """Arrows and letters point the way; opposite keys cancel each other."""
    assert direction(held(*keys)) == expected


def test_diagonals_are_not_faster() -> None:
    """Two keys at once make a direction of length 1."""
    assert hypot(*direction(held(pygame.K_RIGHT, pygame.K_DOWN))) == pytest.approx(1.0)


def test_what_is_held_in_a_frame(controls: Controls) -> None:
    """It is what the tick will send, and nothing while the keys are needed for something else."""
    right = held(pygame.K_RIGHT, pygame.K_SPACE)
    assert controls.walk(right) == Move(move=(1.0, 0.0))
    press(controls, pygame.K_RETURN)
    assert controls.walk(right) == Move() == controls.move(right, in_reach=True)
    press(controls, pygame.K_ESCAPE, pygame.K_ESCAPE)
    assert controls.menu is not None and controls.walk(right) == Move()


def test_space_collects(controls: Controls) -> None:
    """A held Space asks only when there is something to get; a press shorter than a frame asks once."""
    assert not controls.move(held(pygame.K_SPACE), in_reach=False).collect
    assert controls.move(held(pygame.K_SPACE), in_reach=True).collect
    press(controls, pygame.K_SPACE)
    assert [controls.move(held(), in_reach=False).collect for _ in range(3)] == [True, False, False]


def test_a_tap_a_moment_too_early_counts(controls: Controls) -> None:
    """A press just before something is in reach takes it when it is; a long time before does not."""
    press(controls, pygame.K_SPACE)
    controls.move(held(), in_reach=False)
    assert controls.move(held(), in_reach=True).collect
    assert not controls.move(held(), in_reach=True).collect
    press(controls, pygame.K_SPACE)
    for _ in range(EAGER_TICKS):
        controls.move(held(), in_reach=False)
    assert not controls.move(held(), in_reach=True).collect


def test_chat_is_typed_and_sent(controls: Controls) -> None:
    """Enter opens the line, text goes into it, Backspace corrects, Enter sends."""
    press(controls, pygame.K_RETURN)
    typed(controls, "hi! ")
    assert press(controls, pygame.K_BACKSPACE, pygame.K_BACKSPACE, pygame.K_RETURN) == "hi"
    assert controls.chat.text is None


def test_nobody_runs_while_typing(controls: Controls) -> None:
    """Letters in a line of chat do not move the player, nor does the menu."""
    press(controls, pygame.K_RETURN)
    assert controls.move(held(pygame.K_w, pygame.K_SPACE), in_reach=True) == Move()
    assert not controls.panels(held(pygame.K_TAB)).players
    press(controls, pygame.K_ESCAPE)
    assert controls.chat.text is None and controls.menu is None
    press(controls, pygame.K_ESCAPE)
    assert controls.move(held(pygame.K_w), in_reach=True) == Move()


def test_a_line_is_never_too_long_for_the_wire(controls: Controls) -> None:
    """Chat is cut at what a message may hold, and an empty line is not sent."""
    press(controls, pygame.K_RETURN)
    typed(controls, "x" * 500)
    assert press(controls, pygame.K_RETURN) == "x" * MAX_CHAT
    assert press(controls, pygame.K_RETURN, pygame.K_RETURN) is None


def test_the_menu_quits(controls: Controls) -> None:
    """Esc, down, Enter quits; Esc twice goes on."""
    press(controls, pygame.K_ESCAPE, pygame.K_ESCAPE)
    assert controls.menu is None and not controls.quit
    press(controls, pygame.K_ESCAPE, pygame.K_DOWN, pygame.K_RETURN)
    assert controls.quit


def test_the_menu_can_be_clicked(controls: Controls) -> None:
    """The mouse chooses and clicks; a click beside the entries does nothing."""
    press(controls, pygame.K_ESCAPE)
    for place in ((5, 5), menu_boxes(SIZE, TEXT)[1].center):
        assert not controls.quit
        click = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=place, button=1)
        controls.handle(click, SIZE, TEXT)
    assert controls.quit


def test_help_opens_and_closes(controls: Controls) -> None:
    """F1 shows the help, F1 or Esc hides it; closing the window quits."""
    press(controls, pygame.K_F1)
    assert controls.help
    press(controls, pygame.K_ESCAPE)
    assert not controls.help and controls.menu is None
    controls.handle(pygame.event.Event(pygame.QUIT), SIZE, TEXT)
    assert controls.quit


def test_the_menu_goes_by_place(controls: Controls) -> None:
    """The key below the French Z goes down; the French W, elsewhere, does nothing."""
    press(controls, pygame.K_ESCAPE)
    for key, place, chosen in ((pygame.K_w, pygame.KSCAN_Z, 0), (pygame.K_s, pygame.KSCAN_S, 1)):
        controls.handle(pygame.event.Event(pygame.KEYDOWN, key=key, scancode=place), SIZE, TEXT)
        assert controls.menu == chosen


def test_f3_opens_the_net_graph(controls: Controls) -> None:
    """F3 shows and hides the graph, and nothing else."""
    press(controls, pygame.K_F3)
    assert controls.net_graph
    press(controls, pygame.K_F3)
    assert not controls.net_graph and not controls.panels(held()).notes


def test_keys_change_the_link(controls: Controls) -> None:
    """F4, F5 and F6 make the link worse by a step each; what was pressed counts once."""
    assert controls.conditions(PERFECT) is PERFECT
    press(controls, pygame.K_F4, pygame.K_F4, pygame.K_F5, pygame.K_F6)
    expected = LinkConditions(0.1, 0.01, 0.01)
    assert controls.conditions(PERFECT) == expected
    assert controls.conditions(expected) is expected


@pytest.mark.parametrize("shift", [pygame.KMOD_LSHIFT, pygame.KMOD_RSHIFT | pygame.KMOD_NUM])
def test_shift_makes_the_link_better(controls: Controls, shift: int) -> None:
    """With Shift, whatever else is on, the same keys go back."""
    controls.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_F4, mod=shift), SIZE, TEXT)
    assert controls.conditions(LinkConditions(latency=0.23)).latency == 0.2


def test_prediction_and_interpolation_are_switched(controls: Controls) -> None:
    """Both are on at the start; F7 and F8 switch one each, and say what that means."""
    assert controls.prediction and controls.interpolation
    press(controls, pygame.K_F7)
    assert not controls.prediction and controls.interpolation
    press(controls, pygame.K_F8, pygame.K_F7)
    assert controls.prediction and not controls.interpolation
    titles = [note.title for note in controls.panels(held()).notes]
    assert titles == ["Prediction off", "Interpolation off", "Prediction on"]
    assert not controls.panels(held()).notes, "each is said once"


def test_every_step_is_told(controls: Controls) -> None:
    """The note has the new value and what it stands for."""
    press(controls, pygame.K_F4, pygame.K_F6)
    controls.conditions(LinkConditions(latency=0.05))
    assert [note.title for note in controls.panels(held()).notes] == ["Latency 100 ms", "Loss 1 %"]


def test_no_function_key_while_typing_or_in_the_menu(controls: Controls) -> None:
    """Typing chat or choosing in the menu changes nothing else."""
    for opened in (pygame.K_RETURN, pygame.K_ESCAPE):
        keys = (pygame.K_F3, pygame.K_F4, pygame.K_F5, pygame.K_F6, pygame.K_F7, pygame.K_F8)
        press(controls, opened, *keys, pygame.K_ESCAPE)
    assert not controls.net_graph and controls.prediction and controls.interpolation
    assert controls.conditions(PERFECT) is PERFECT
