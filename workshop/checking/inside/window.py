"""Looks through a window that nobody sees: counts frames, notes what is drawn, and holds keys down.

`pygame.event.post` does not change what `key.get_pressed` says, so that is answered here.
"""

import functools
import time
from collections.abc import Callable
from typing import Any

import pygame

from workshop.checking.inside.lingering import linger
from workshop.checking.inside.link import Link
from workshop.checking.wire import CloseWindow, Frame, Hold, Linger
from workshop.game.text import Text
from workshop.game.view import Scene, View

MOST_SHAPES = 400  # kept of one frame
SHAPES = ("circle", "rect", "ellipse", "polygon")


class Held:
    """What `pygame.key.get_pressed` returns: by key, whether it is down."""

    def __init__(self, keys: frozenset[int]) -> None:
        self._keys = keys

    def __getitem__(self, key: int) -> bool:
        return key in self._keys


class Eyes:
    """Gathers what is drawn, and tells it frame by frame.

    Args:
        orders: which keys to hold down, when to press the window's close button, and when to be slow; filled
            from another thread, taken up between two frames.
    """

    def __init__(self, link: Link, orders: list[Hold | CloseWindow | Linger]) -> None:
        self._link, self._orders, self._slow = link, orders, Linger(0, 0)
        self._keys: frozenset[int] = frozenset()
        self._begin()

    def _begin(self) -> None:
        self._shapes: list[tuple[str, float, float, float, float]] = []
        self._texts: list[str] = []
        self._scene: Scene | None = None

    def pressed(self) -> Held:
        """In the place of `pygame.key.get_pressed`."""
        return Held(self._keys)

    def drawn(self, kind: str, draw: Callable[..., pygame.Rect]) -> Callable[..., pygame.Rect]:
        """A function of `pygame.draw` that also notes what it covered."""

        @functools.wraps(draw)
        def drawing(*arguments: Any, **named: Any) -> pygame.Rect:
            box = draw(*arguments, **named)
            if len(self._shapes) < MOST_SHAPES:
                self._shapes.append((kind, *box))
            return box

        return drawing

    def shown(self, flip: Callable[..., None]) -> Callable[..., None]:
        """`pygame.display.flip`, or `update`, that also tells of the frame."""

        @functools.wraps(flip)
        def flipping(*arguments: Any, **named: Any) -> None:
            flip(*arguments, **named)
            self._tell()
            self._take_orders()
            self._be_slow()

        return flipping

    def viewed(self, draw: Callable[..., None]) -> Callable[..., None]:
        """`View.draw` that also notes what it was told to draw."""

        @functools.wraps(draw)
        def viewing(view: View, surface: pygame.Surface, scene: Scene, *more: Any, **named: Any) -> None:
            self._scene = scene
            draw(view, surface, scene, *more, **named)

        return viewing

    def rendered(self, render: Callable[..., pygame.Surface]) -> Callable[..., pygame.Surface]:
        """A font's ``render`` that also notes the words."""

        @functools.wraps(render)
        def rendering(font: Any, text: Any, *more: Any, **named: Any) -> pygame.Surface:
            self._texts.append(str(text))
            return render(font, text, *more, **named)

        return rendering

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


def look_through(link: Link, orders: list[Hold | CloseWindow | Linger]) -> None:
    """Begin to look; before the program imports pygame's functions."""
    eyes = Eyes(link, orders)
    for kind in SHAPES:
        setattr(pygame.draw, kind, eyes.drawn(kind, getattr(pygame.draw, kind)))
    pygame.display.flip = eyes.shown(pygame.display.flip)
    pygame.display.update = eyes.shown(pygame.display.update)
    pygame.key.get_pressed = eyes.pressed  # type: ignore[assignment]
    View.draw = eyes.viewed(View.draw)  # type: ignore[method-assign]
    Text.render = eyes.rendered(Text.render)  # type: ignore[method-assign]
    base = pygame.font.Font
    pygame.font.Font = type("Font", (base,), {"render": eyes.rendered(base.render)})  # type: ignore[assignment,misc]
