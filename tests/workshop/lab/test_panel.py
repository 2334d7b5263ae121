"""The lab's controls, used as people do: by events of a mouse and of a keyboard."""

from collections.abc import Iterator

import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window
from workshop.lab.panel import Panel
from workshop.lab.widgets import Button, Control, Slider, Toggle

RECT = pygame.Rect(0, 580, 1280, 140)
ACCENT = (255, 214, 90)


class Desk:
    """A panel in a window, and somebody who uses it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.latency = Slider("Latency", "ms", (0, 50, 100, 200, 500), 100, "Added to the round trip.")
        self.prediction = Toggle("Prediction", "P", True, "Moves you at once.")
        self.pause = Button("Pause", "Space")
        self.panel = Panel([[self.latency], [self.prediction, self.pause]])
        self.draw()

    def draw(self) -> None:
        self.window.surface.fill((0, 0, 0))
        self.panel.draw(self.window.surface, RECT, self.window.text)

    def does(self, kind: int, **what: object) -> list[Control]:
        """Let an event happen; give the controls that it changes."""
        pygame.event.clear()
        pygame.event.post(pygame.event.Event(kind, what))
        return [it for event in self.window.events() if (it := self.panel.handle(event))]

    def press(self, key: int, mod: int = 0) -> list[Control]:
        return self.does(pygame.KEYDOWN, key=key, mod=mod)

    def down(self, place: tuple[int, int], button: int = 1) -> list[Control]:
        return self.does(pygame.MOUSEBUTTONDOWN, pos=place, button=button)

    def up(self, place: tuple[int, int]) -> list[Control]:
        return self.does(pygame.MOUSEBUTTONUP, pos=place, button=1)

    def move(self, place: tuple[int, int], held: int = 0) -> list[Control]:
        return self.does(pygame.MOUSEMOTION, pos=place, rel=(0, 0), buttons=(held, 0, 0))


@pytest.fixture
def desk(window: Window) -> Iterator[Desk]:
    yield Desk(window)


def test_a_click_switches(desk: Desk) -> None:
    """It counts when the button is let go over the control, and only then; other buttons do nothing."""
    place = desk.prediction.box.center
    assert not desk.down(place) and desk.prediction.on
    assert desk.up(place) == [desk.prediction] and not desk.prediction.on
    desk.down(place)
    assert desk.up((0, 0)) == [] and not desk.prediction.on
    desk.down(place, button=3)
    assert desk.up(place) == []


def test_a_slider_is_dragged(desk: Desk) -> None:
    """It takes the nearest step while the mouse holds it, even beyond its ends, until it is let go."""
    box = desk.latency.box
    assert desk.down((box.right - 5, box.centery)) == [desk.latency]
    assert desk.latency.value == 500
    assert desk.move((box.centerx, 10), held=1) == [desk.latency] and desk.latency.value == 100
    assert desk.move((box.centerx + 3, 10), held=1) == []
    assert desk.move((-400, 10), held=1) == [desk.latency] and desk.latency.value == 0
    desk.up((-400, 10))
    assert desk.move((box.right, box.centery), held=0) == [] and desk.latency.value == 0


def test_a_button_let_go_outside_the_window_is_noticed(desk: Desk) -> None:
    """A mouse that comes back without its button drags nothing."""
    box = desk.latency.box
    desk.down((box.left, box.centery))
    assert desk.move((box.right, box.centery), held=0) == [] and desk.latency.value == 0


def test_tab_goes_round_and_out(desk: Desk) -> None:
    """Tab visits all controls, then none; with Shift the other way round. The focused one has a frame."""
    seen = []
    for _ in range(4):
        desk.press(pygame.K_TAB)
        seen.append(desk.panel.focused)
    assert seen == [desk.latency, desk.prediction, desk.pause, None]
    desk.press(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert desk.panel.focused is desk.pause
    desk.draw()
    left, y = desk.pause.box.midleft
    assert desk.window.surface.get_at((left + 1, y))[:3] == ACCENT
    assert desk.window.surface.get_at((desk.prediction.box.left + 1, y))[:3] != ACCENT


def test_arrows_move_a_focused_slider(desk: Desk) -> None:
    """By one step, up to the ends; from between two steps, to the next. Without the focus they do nothing."""
    assert desk.press(pygame.K_RIGHT) == [] and desk.latency.value == 100
    desk.press(pygame.K_TAB)
    assert desk.press(pygame.K_RIGHT) == [desk.latency] and desk.latency.value == 200
    desk.latency.value = 133
    assert desk.press(pygame.K_LEFT) == [desk.latency] and desk.latency.value == 100
    desk.latency.value = 9999
    assert desk.press(pygame.K_RIGHT) == [] and desk.latency.value == 9999


def test_space_and_enter_press_what_is_focused(desk: Desk) -> None:
    """Esc leaves it, and then Space is again the key of the button that has it; as it is on a slider."""
    desk.press(pygame.K_TAB)
    assert desk.press(pygame.K_SPACE) == [desk.pause]
    desk.press(pygame.K_TAB)
    assert desk.press(pygame.K_SPACE) == [desk.prediction] and not desk.prediction.on
    assert desk.press(pygame.K_RETURN) == [desk.prediction] and desk.prediction.on
    desk.press(pygame.K_ESCAPE)
    assert desk.panel.focused is None
    assert desk.press(pygame.K_SPACE) == [desk.pause]


def test_letters_press_from_anywhere(desk: Desk) -> None:
    """The key that is written on a control works always, but not as a part of a shortcut."""
    assert desk.press(pygame.K_p) == [desk.prediction] and not desk.prediction.on
    assert desk.press(pygame.K_p, pygame.KMOD_LCTRL) == [] and not desk.prediction.on
    assert desk.press(pygame.K_q) == []
    event = pygame.event.Event(pygame.KEYDOWN, key=0x437, mod=0)  # on a Russian keyboard
    assert desk.panel.handle(event, pygame.K_p) is desk.prediction


def test_a_click_leaves_the_arrows_to_the_player(desk: Desk) -> None:
    """A click on a slider moves it, but focuses nothing."""
    desk.press(pygame.K_TAB)
    desk.down(desk.latency.box.center)
    assert desk.panel.focused is None


def pixels(desk: Desk) -> int:
    """Count what is drawn above the panel: only an explanation may be there."""
    above = desk.window.surface.subsurface((0, 0, 1280, RECT.top))
    desk.draw()
    desk.panel.draw_explanation(desk.window.surface, desk.window.text)
    mask = pygame.mask.from_threshold(above, (0, 0, 0), (1, 1, 1, 255))
    return 1280 * RECT.top - mask.count()


def test_what_a_control_does_is_told(desk: Desk) -> None:
    """Whether the mouse points at it or Tab has reached it; a control without words tells nothing."""
    assert pixels(desk) == 0
    desk.move(desk.prediction.box.center)
    assert pixels(desk) > 5000
    desk.move(desk.pause.box.center)
    assert pixels(desk) == 0
    desk.press(pygame.K_TAB)
    assert pixels(desk) > 5000
    desk.move(desk.prediction.box.center)
    desk.does(pygame.WINDOWLEAVE)
    assert pixels(desk) == 0


def test_nothing_hides_what_a_change_does(desk: Desk) -> None:
    """While a value is being changed, by mouse or keys, its explanation makes room."""
    place = desk.latency.box.center
    desk.move(place)
    desk.down(place)
    desk.move((place[0] + 300, place[1]), held=1)
    assert desk.latency.value == 200 and pixels(desk) == 0
    desk.up(place)
    desk.press(pygame.K_TAB)
    assert pixels(desk) > 5000
    desk.press(pygame.K_RIGHT)
    assert pixels(desk) == 0


def test_values_have_units_and_keys_are_shown(desk: Desk) -> None:
    """What is written is asked of the text, since pictures of words differ from font to font."""
    written: list[str] = []

    class Listening(Text):
        def write(self, surface: pygame.Surface, text: str, *more: object, **place: object) -> pygame.Rect:
            written.append(text)
            return super().write(surface, text, *more, **place)  # type: ignore[arg-type]

    desk.latency.value = 62.5
    desk.panel.draw(desk.window.surface, RECT, Listening())
    assert {"Latency", "62.5 ms", "P", "Prediction", "on", "Space", "Pause"} <= set(written)
    desk.latency.value = 60000
    desk.panel.draw(desk.window.surface, RECT, Listening())
    assert "60000 ms" in written


def test_a_narrow_panel_has_more_lines(window: Window) -> None:
    """No control gets narrower than it can be read."""
    toggles = [Toggle(f"Toggle {number}") for number in range(6)]
    panel = Panel([toggles])
    panel.draw(window.surface, pygame.Rect(0, 0, 400, 138), window.text)
    assert min(it.box.width for it in toggles) > 110
    assert len({it.box.topleft for it in toggles}) == 6


@given(
    st.tuples(*[st.integers(-50, 4000)] * 2, *[st.integers(0, 4000)] * 2),
    st.sampled_from((0.15, 0.85, 1.0, 2.0)),
    st.floats(allow_nan=False),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5, unique=True),
)
def test_no_size_and_no_value_raises(
    rect: tuple[int, int, int, int], scale: float, value: float, steps: list[float]
) -> None:
    """From nothing to more than 4K, with any number: it is drawn, and can be used."""
    pygame.font.init()
    slider = Slider("Latency", "ms", sorted(steps), value, "A word.")
    panel = Panel([[slider, Toggle("Prediction", "P")], [], [Button("Pause", "Space")]])
    surface, text = pygame.Surface((64, 48)), Text(scale)
    panel.draw(surface, pygame.Rect(rect), text)
    for way in (1, -1):
        slider.step(way)
    slider.drag(rect[0])
    panel.handle(pygame.event.Event(pygame.MOUSEMOTION, pos=(rect[0], rect[1]), buttons=(1, 0, 0)))
    panel.draw(surface, pygame.Rect(rect), text)
    panel.draw_explanation(surface, text)
