"""Looks through a window that nobody sees: counts frames, notes what is drawn, and holds keys down.

`pygame.event.post` does not change what `key.get_pressed` says, so that is answered here.
"""

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import pygame

from workshop.checking.inside.lingering import linger
from workshop.checking.inside.link import CheckLink
from workshop.checking.wire import CloseWindow, Frame, Hold, Linger
from workshop.game.drawing.text import Text
from workshop.game.drawing.view import Scene, View

MOST_SHAPES = 400  # kept of one frame
SHAPES = ("circle", "rect", "ellipse", "polygon")


def noting(function: Callable[..., Any], note: Callable[..., object]) -> Callable[..., Any]:
    """A function that also notes what it returns, and what it was called with."""

    @functools.wraps(function)
    def calling(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        note(result, *arguments, **named)
        return result

    return calling


class Eyes:
    """Gathers what is drawn, and tells it frame by frame.

    Args:
        orders: which keys to hold down, when to press the window's close button, and when to be slow; filled
            from another thread, taken up between two frames.
    """

    def __init__(self, link: CheckLink, orders: list[Hold | CloseWindow | Linger]) -> None:
        self._link, self._orders, self._slow = link, orders, Linger(0, 0)
        self._keys: frozenset[int] = frozenset()
        self._begin()

    def _begin(self) -> None:
        self._shapes: list[tuple[str, float, float, float, float]] = []
        self._texts: list[str] = []
        self._scene: Scene | None = None

    def pressed(self) -> Mapping[int, bool]:
        """In the place of `pygame.key.get_pressed`: by key, whether it is down."""
        return defaultdict(bool, dict.fromkeys(self._keys, True))

    def drawn(self, kind: str, box: pygame.Rect, *_: object, **__: object) -> None:
        """A function of `pygame.draw` has covered this."""
        if len(self._shapes) < MOST_SHAPES:
            self._shapes.append((kind, *box))

    def shown(self, *_: object, **__: object) -> None:
        """A frame is shown, by `pygame.display.flip` or `update`."""
        self._tell()
        self._take_orders()
        self._be_slow()

    def viewed(self, _: None, view: View, surface: object, scene: Scene, *__: object, **___: object) -> None:
        """`View.draw` was told to draw this."""
        self._scene = scene

    def rendered(self, _: pygame.Surface, font: object, text: object, *__: object, **___: object) -> None:
        """These words were written, by a font's ``render``."""
        self._texts.append(str(text))

    def _tell(self) -> None:
        scene, now = self._scene, time.perf_counter()
        if scene is None:
            self._link.tell(Frame(now, self._shapes, texts=self._texts))
        else:
            players = {id: (round(player.x), round(player.y)) for id, player in scene.players.items()}
            scores = {id: player.score for id, player in scene.players.items()}
            me = players.get(scene.my_id)
            self._link.tell(Frame(now, self._shapes, players, me, scores, list(scene.resources), self._texts))
        self._begin()

    def _take_orders(self) -> None:
        while self._orders:
            order = self._orders.pop(0)
            if isinstance(order, CloseWindow):
                pygame.event.post(pygame.event.Event(pygame.QUIT))
                continue
            if isinstance(order, Linger):
                self._slow = order
                continue
            keys = frozenset(pygame.key.key_code(name) for name in order.keys)
            for key in keys - self._keys:
                event = _key_event(pygame.KEYDOWN, key)
                pygame.event.post(event)
                if event.unicode:
                    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=event.unicode))
            for key in self._keys - keys:
                pygame.event.post(_key_event(pygame.KEYUP, key))
            self._keys = keys

    def _be_slow(self) -> None:
        if self._slow.frames:
            linger(self._slow.seconds)
            self._slow = Linger(self._slow.seconds, self._slow.frames - 1)


def _key_event(kind: int, key: int) -> pygame.event.Event:
    character = chr(key) if 32 <= key < 127 else ""
    return pygame.event.Event(kind, key=key, mod=0, scancode=0, unicode=character)


def look_through(link: CheckLink, orders: list[Hold | CloseWindow | Linger]) -> None:
    """Begin to look; before the program imports pygame's functions."""
    eyes = Eyes(link, orders)
    for kind in SHAPES:
        setattr(pygame.draw, kind, noting(getattr(pygame.draw, kind), functools.partial(eyes.drawn, kind)))
    for name in ("flip", "update"):
        setattr(pygame.display, name, noting(getattr(pygame.display, name), eyes.shown))
    pygame.key.get_pressed = eyes.pressed  # type: ignore[assignment]
    View.draw = noting(View.draw, eyes.viewed)  # type: ignore[method-assign]
    Text.render = noting(Text.render, eyes.rendered)  # type: ignore[method-assign]
    base = pygame.font.Font
    pygame.font.Font = type("Font", (base,), {"render": noting(base.render, eyes.rendered)})  # type: ignore[assignment,misc]
