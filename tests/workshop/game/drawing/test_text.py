"""Text in the sizes of a window."""

from workshop.game.drawing.window import Window


def test_no_text_is_a_picture_of_nothing(window: Window) -> None:
    """An empty line, outlined or not, is one clear pixel and no crash."""
    for outlined in (False, True):
        picture = window.text.render("", 20, outlined=outlined)
        assert picture.width <= 8 and picture.get_at((0, 0)).a == 0
    assert window.text.wrapped("", 20, 100).width >= 1
