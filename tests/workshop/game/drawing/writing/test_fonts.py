"""Which font draws which characters: the first that has them, found once, and never a broken one."""

from collections.abc import Callable
from pathlib import Path

import pygame
import pygame.freetype
import pytest

from workshop.game.drawing.text import Text
from workshop.game.drawing.window import Window
from workshop.game.drawing.writing import fonts as module
from workshop.game.drawing.writing.fonts import Fonts

HEBREW, NOBODY = "ש", "\U0010fffd"
Installed = Callable[..., None]


def hebrew() -> str:
    """Return the path of a font with Hebrew, or skip the test."""
    fonts = Fonts()
    fonts.look_for([HEBREW])
    path = fonts.path_for(HEBREW)
    return path or pytest.skip("no font with Hebrew is installed, such as fonts-dejavu-core")


@pytest.fixture
def installed(window: Window, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Give a function that makes these files the only fonts of the system."""

    def install(*paths: str) -> None:
        monkeypatch.setattr(pygame.font, "get_fonts", lambda: [f"arial{n}" for n in range(len(paths))])
        monkeypatch.setattr(pygame.font, "match_font", lambda name: paths[int(name.removeprefix("arial"))])

    return install


def test_the_games_own_font_comes_first(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the system's fonts for what the game's has."""
    monkeypatch.setattr(pygame.font, "get_fonts", lambda: pytest.fail("the system's fonts were looked at"))
    fonts = Fonts()
    fonts.look_for("Adaé×…α")
    assert fonts.path_for("é") is None


def test_a_character_is_looked_for_once(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a text lacks is looked for together, and never again, whether it was found or not."""
    path, asked = hebrew(), list[str]()
    installed(path)
    real = module._opened

    def opened(path: str) -> pygame.freetype.Font | None:
        asked.append(path)
        return real(path)

    monkeypatch.setattr(module, "_opened", opened)
    fonts = Fonts()
    for _ in range(3):
        fonts.look_for([HEBREW, "ל", NOBODY])
    assert asked == [path]
    assert (fonts.path_for(HEBREW), fonts.path_for(NOBODY)) == (path, None)


def test_what_no_font_has_is_one_box(installed: Installed) -> None:
    """A letter with marks, a family and a flag are a box each, and those marks do not pile up over others."""
    installed()
    text = Text()
    box = pygame.image.tobytes(text.render(NOBODY, 22), "RGBA")
    for cluster in ("ที่", "👨\u200d👩\u200d👧", "🇫🇷"):
        assert pygame.image.tobytes(text.render(cluster, 22), "RGBA") == box, cluster
    assert text.fonts.shown("e\u0301") == "e\u0301", "no accent is lost on a letter that there is"


def test_emoji_come_from_a_font_of_emoji(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where several fonts have a character, letters come from the best font, emoji from one named so."""
    names = {"zapf": "z.ttf", "segoeuiemoji": "seguiemj.ttf", "arialserif": "s.ttf", "arial": "a.ttf"}
    monkeypatch.setattr(pygame.font, "get_fonts", lambda: list(names))
    monkeypatch.setattr(pygame.font, "match_font", names.get)
    monkeypatch.setattr(module, "_had", lambda path, clusters: list(clusters))
    fonts = Fonts()
    fonts.look_for([HEBREW, "😀"])
    assert (fonts.path_for(HEBREW), fonts.path_for("😀")) == ("a.ttf", "seguiemj.ttf")


def test_broken_fonts_are_passed_over(installed: Installed, tmp_path: Path) -> None:
    """Files that are no fonts, cut off, empty or gone end nothing: the next font draws."""
    path = hebrew()
    whole = Path(path).read_bytes()
    broken = [tmp_path / name for name in ("junk.ttf", "half.ttf", "empty.ttf", "gone.ttf")]
    for file, content in zip(broken, (b"junk" * 99, whole[: len(whole) // 3], b""), strict=False):
        file.write_bytes(content)
    installed(*map(str, broken), path)
    text = Text()
    drawn = pygame.image.tobytes(text.render(HEBREW, 20), "RGBA")
    assert text.fonts.path_for(HEBREW) == path
    assert drawn != pygame.image.tobytes(text.render(NOBODY, 20), "RGBA")
    installed(*map(str, broken))
    assert Text().render(HEBREW, 20).width == Text().width(HEBREW, 20) > 0, "a box"


def test_a_font_that_cannot_be_drawn_with_is_given_up(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that tells what it has, and then fails, is never asked again."""
    path, again = hebrew(), tmp_path / "again.ttf"
    again.write_bytes(Path(path).read_bytes())
    installed(str(again), path)
    text = Text()
    text.fonts.look_for([HEBREW])
    assert text.fonts.path_for(HEBREW) == str(again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_shaped", failing_for(text, str(again)))
        assert text.width(HEBREW, 20) == text.render(HEBREW, 20).width > 0
    assert text.fonts.path_for(HEBREW) == path


def test_a_font_that_is_uninstalled_meanwhile(installed: Installed, tmp_path: Path) -> None:
    """A file that has gone since it was found is passed over."""
    path, gone = hebrew(), tmp_path / "gone.ttf"
    gone.write_bytes(Path(path).read_bytes())
    installed(str(gone), path)
    text = Text()
    text.fonts.look_for([HEBREW])
    gone.unlink()
    assert text.width(HEBREW, 20) == text.render(HEBREW, 20).width > 0
    assert text.fonts.path_for(HEBREW) == path


def failing_for(text: Text, path: str) -> Callable[..., object]:
    """What gives a run's font, but for that file one that fails."""
    real = text._shaped

    class Failing:
        def size(self, words: str) -> None:
            raise pygame.error("broken")

        render = size

    return lambda run, size: Failing() if run.path == path else real(run, size)
