"""The campfire: everybody sits around it, and hops with a bubble."""

import pygame

from workshop.game.drawing.campfire import BUBBLE_SECONDS, Campfire
from workshop.game.drawing.palette import PAPER, player_colour
from workshop.game.drawing.window import Window

ADA, BEN = 1, 2


def drawn(fire: Campfire, window: Window, dt: float = 0.0) -> pygame.Surface:
    """Give a copy of the next frame, as Ada sees it."""
    fire.draw(window, ADA, dt, "")
    return window.surface.copy()


def places(picture: pygame.Surface, id: int) -> list[pygame.Rect]:
    """Give where somebody's colour is."""
    return pygame.mask.from_threshold(picture, player_colour(id), (3, 3, 3, 255)).get_bounding_rects()


def bubble(picture: pygame.Surface) -> int:
    """Count the pixels that are as white as a bubble."""
    return pygame.mask.from_threshold(picture, PAPER, (1, 1, 1, 255)).count()


def test_everybody_is_drawn_oneself_in_front(window: Window) -> None:
    """Ada sees herself below Ben; a visitor who left is gone."""
    fire = Campfire()
    fire.names = {ADA: "Ada", BEN: "Ben"}
    picture = drawn(fire, window)
    (ben, *_), (ada, *_) = places(picture, BEN), places(picture, ADA)
    assert ada.top > ben.bottom
    fire.names = {ADA: "Ada"}
    assert not places(drawn(fire, window), BEN)


def test_before_anybody_is_known_one_sits_there_alone(window: Window) -> None:
    """The first frames come before the server has told who is here."""
    assert places(drawn(Campfire(), window), ADA)


def test_a_bubble_stays_for_its_time(window: Window) -> None:
    """What somebody does is written above its head, and goes by itself."""
    fire = Campfire()
    fire.names = {ADA: "Ada"}
    without = bubble(drawn(fire, window))
    fire.show(ADA, "Hooray!")
    assert bubble(drawn(fire, window, 0.2)) > without + 1000
    assert bubble(drawn(fire, window, BUBBLE_SECONDS)) < without + 200


def test_somebody_who_is_not_here_is_no_trouble(window: Window) -> None:
    """A line or an emote may arrive from somebody who has just left."""
    fire = Campfire()
    fire.names = {ADA: "Ada"}
    assert (fire.name(ADA), fire.name(BEN)) == ("Ada", "somebody")
    fire.show(BEN, "Hello!")
    assert not places(drawn(fire, window), BEN)
