"""The camera: follows, stops at the borders, and agrees with the picture."""

from hypothesis import given
from hypothesis import strategies as st

from workshop.game.drawing.camera import camera, flown, world_to_screen
from workshop.game.rules.maps import Map
from workshop.game.rules.units import to_pixels, to_units

MAP = Map(to_units(2400), to_units(1600))
X, Y = st.integers(0, MAP.width), st.integers(0, MAP.height)


def test_in_the_open_the_player_is_in_the_middle() -> None:
    """Far from the borders, the player stands in the window's middle."""
    place = (to_units(1200), to_units(800))
    assert world_to_screen(place, camera(place, (1280, 720), MAP)) == (640, 360)


@given(X, Y, st.integers(320, 2400), st.integers(200, 1600))
def test_the_window_never_shows_more_than_the_map(x: int, y: int, width: int, height: int) -> None:
    """A window smaller than the map is filled, with the player in it."""
    left, top = camera((x, y), (width, height), MAP)
    assert 0 <= left <= 2400 - width and 0 <= top <= 1600 - height
    on_screen = world_to_screen((x, y), (left, top))
    assert 0 <= on_screen[0] <= width and 0 <= on_screen[1] <= height


def test_a_large_window_has_the_map_in_its_middle() -> None:
    """On a screen larger than the map, the borders are equal."""
    assert camera((0, 0), (2600, 1800), MAP) == (-100, -100)


@given(X, Y, st.sampled_from([(1, 0), (-1, 0), (0.7, 0.7), (0, -1)]))
def test_a_spectator_flies_over_the_map_only(x: int, y: int, direction: tuple[float, float]) -> None:
    """A spectator's camera stays over the map however long a key is held."""
    place = flown((x, y), direction, 10.0, MAP)
    assert 0 <= to_pixels(place[0]) <= 2400 and 0 <= to_pixels(place[1]) <= 1600
