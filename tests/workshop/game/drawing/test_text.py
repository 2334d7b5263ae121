"""Text in the sizes of a window, in any script."""

import pygame
import pytest

from workshop.game.drawing.palette import INK
from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window

BOX = "\U0010fffd"  # no font has it
NAMES = {
    "Hebrew": "שלום",
    "Arabic": "مرحبا",
    "Thai": "ที่นี่",
    "Chinese": "名前",
    "Korean": "한국어",
    "Hindi": "नमस्ते",
    "Vietnamese": "ễ",
    "emoji": "😀🎉",
    "joined emoji": "👩\u200d💻",
}


def pixels(picture: pygame.Surface) -> bytes:
    return pygame.image.tobytes(picture, "RGBA")


def fitting(text: Text, words: str) -> str:
    """The words, if the system has fonts for all of them; else skip the test."""
    text.width(words, 20)
    if not all(text.fonts.path_for(it) for it in text.fonts._found):
        pytest.skip(f"no font is installed that has {words}")
    return words


def test_no_text_is_a_picture_of_nothing(window: Window) -> None:
    """An empty line, outlined or not, is one clear pixel and no crash."""
    for outlined in (False, True):
        picture = window.text.render("", 20, outlined=outlined)
        assert picture.width <= 8 and picture.get_at((0, 0)).a == 0
    assert window.text.wrapped("", 20, 100).width >= 1


def test_what_is_written_stands_at_its_place(window: Window) -> None:
    """It returns where the text is, also beyond the window's edge, and cuts it to a width."""
    window.surface.fill((0, 0, 0))
    box = window.text.write(window.surface, "Gem Rush", 20, midright=(300, 100))
    assert box.midright == (300, 100) and box.width == window.text.width("Gem Rush", 20)
    assert len(set(pixels(window.surface.subsurface(box)))) > 2, "something is drawn there"
    assert window.text.write(window.surface, "Gem Rush", 20, width=40, topleft=(-9, 0)).width <= 40
    assert window.text.write(window.surface, "Gem Rush", 20, topleft=(-9, 0)).left == -9


@pytest.mark.parametrize("script", NAMES)
def test_every_script_that_has_a_font_is_drawn(window: Window, script: str) -> None:
    """Neither boxes nor nothing: the letters stand in a line about as high as that of Latin ones."""
    text, words = window.text, fitting(window.text, NAMES[script])
    picture = text.render(words, 40)
    assert picture.width == text.width(words, 40) > 10
    assert pixels(picture) != pixels(text.render(BOX * len(words), 40))
    assert picture.get_bounding_rect().height > 12
    assert picture.height <= 2 * text.render("Ada", 40).height


def test_a_box_where_no_font_has_it(window: Window) -> None:
    """What nobody can draw is still seen to be there, and the rest of the name beside it."""
    alone, beside = window.text.render(BOX, 40), window.text.render(f"Ada {BOX}", 40)
    assert alone.get_bounding_rect().height > 12
    assert beside.width >= alone.width + window.text.width("Ada ", 40) - 1


def test_hebrew_and_arabic_run_to_the_left(window: Window) -> None:
    """The first letter is at the right, and Arabic letters join."""
    text = window.text
    word = text.render(fitting(text, "שי"), 60)
    box, strip = word.get_bounding_rect(), text.width("י", 60) // 2
    foot = pygame.Rect(box.left, box.bottom - box.height // 4, strip, box.height // 4)
    assert word.subsurface(foot).get_bounding_rect().width == 0, "at the left is י, which has no foot"
    assert word.subsurface(foot.move(box.width // 2, 0)).get_bounding_rect().width, "at the right is ש"
    fitting(text, "ببب")
    assert text.width("ببب", 60) < 2.5 * text.width("ب", 60), "letters in a word are narrower"


def test_joined_emoji_are_one_picture(window: Window) -> None:
    """A woman at a computer is as wide as one emoji, in colours; so is a flag."""
    text = window.text
    fitting(text, "👩\u200d💻🇫🇷😀")
    one = text.width("😀", 40)
    assert text.width("👩\u200d💻", 40) == text.width("🇫🇷", 40) == one
    assert one <= 2 * text.render("Ada", 40).height
    colours = {tuple(text.render("😀", 40).get_at((one // 2, y))[:3]) for y in range(10, 30)}
    assert any(red > blue + 60 for red, _, blue in colours), "it is yellow"


def test_the_outline_is_dark_also_around_emoji(window: Window) -> None:
    """Whatever colours the letters have, what surrounds them has only one."""
    text = window.text
    for words in ("Ada", fitting(text, "😀")):
        picture = text.render(words, 40, outlined=True)
        row = [picture.get_at((x, picture.height // 2)) for x in range(picture.width)]
        first = next(pixel for pixel in row if pixel.a > 250)
        assert max(abs(a - b) for a, b in zip(first[:3], INK, strict=True)) < 12


def test_cutting_leaves_whole_emoji(window: Window) -> None:
    """What does not fit is cut between what belongs together; the end of it can be shown instead."""
    text, family = window.text, "👨\u200d👩\u200d👧"
    cut = text.fitted(family * 9, 22, text.width(family * 4, 22))
    assert cut.endswith("…") and cut[:-1] == family * cut.count("👧") != ""
    end = text.ending(f"{'a' * 50}{family}|", 22, text.width(f"{family}|", 22) + 2)
    assert end == f"{family}|"
    assert text.fitted("Ada", 22, 0) == text.ending("Ada", 22, 0) == text.fitted("", 22, 0) == ""


def test_other_sizes_of_a_window_know_the_fonts(window: Window) -> None:
    """A window that is dragged larger does not look for fonts again."""
    fonts = window.text.fonts
    pygame.display.set_mode((1920, 1080), pygame.RESIZABLE)
    window.events()
    assert window.text.scale == 1.5 and window.text.fonts is fonts
