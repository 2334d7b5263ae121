"""Which font draws which characters: the game's own first, then the first of the system's that has them."""

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, TypeAlias

import pygame
import pygame.freetype

from workshop.game.drawing.writing.scripts import COMMON, is_picture, script_of, seen

# What looks best beside the game's own font, on Windows, macOS and Linux; all other fonts come after them.
BEST: Final = (
    *("segoeui", "arial", "notosans", "dejavusans", "tahoma", "leelawadeeui", "nirmalaui", "thonburi"),
    *("notosanshebrew", "notosansarabic", "notosansthai", "loma", "geezapro", "kohinoordevanagari"),
    *("yugothic", "microsoftyahei", "malgungothic", "hiraginosans", "pingfang", "applesdgothicneo"),
    *("notosanscjkjp", "notosanscjksc", "droidsansfallback", "arialunicodems"),
)
UNLIKE: Final = ("serif", "mono", "nastaliq", "rashi", "looped", "slanted", "display")  # after the plain
NO_LETTERS: Final = ("lastresort", "adobeblank")  # fonts that claim all characters, and show boxes
TEST_SIZE: Final = 12  # points, of a font that is only asked what it has
Path: TypeAlias = str | None  # of a font's file; None for the game's own font


class Fonts:
    """Finds fonts. It looks at the system's only when a character is missing, and once for each character."""

    def __init__(self) -> None:
        pygame.freetype.init()
        self._own = pygame.freetype.Font(None, TEST_SIZE)
        self._found: dict[str, Path] = {}
        self._broken: set[str] = set()
        self._scalable: dict[str, bool] = {}

    def path_for(self, cluster: str) -> Path:
        """The font for characters that belong together; None if only the game's own can be used."""
        return self._found.get(cluster)

    def shown(self, cluster: str) -> str:
        """What to draw of it: all, or a single box if no font has its letter, and not one for each mark."""
        return cluster if self.path_for(cluster) or _has(self._own, cluster[0]) else cluster[0]

    def look_for(self, clusters: Iterable[str]) -> None:
        """Find the fonts for all of these at once: looking through all fonts takes some milliseconds."""
        new = {it for it in clusters if it not in self._found and not it.isascii()}
        self._found |= dict.fromkeys(new)
        missing = {it for it in new if is_picture(it) or script_of(it) != COMMON or not _has(self._own, it)}
        for pictures in (True, False):
            if wanted := {it for it in missing if is_picture(it) is pictures}:
                self._search(wanted, self._paths(pictures=pictures))

    def give_up(self, path: str) -> None:
        """Never use this file again: it cannot be drawn with. Others are looked for when next needed."""
        self._broken.add(path)
        self._found = {cluster: it for cluster, it in self._found.items() if it != path}

    def is_scalable(self, path: str) -> bool:
        """Whether its letters have any size; emoji may have only one."""
        if path not in self._scalable:
            font = _opened(path)
            self._scalable[path] = font is None or font.scalable
        return self._scalable[path]

    def _search(self, missing: set[str], paths: Iterable[str]) -> None:
        for path in paths:
            had = _had(path, missing)
            self._found |= dict.fromkeys(had, path)
            missing = missing.difference(had)
            if not missing:
                break

    @cached_property
    def _names(self) -> list[str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a system that cannot list its fonts is one without fonts
            return [name for name in pygame.font.get_fonts() if not name.startswith(NO_LETTERS)]

    def _paths(self, *, pictures: bool) -> Iterator[str]:
        """The files of the system's fonts, the best first; for pictures those of emoji."""
        for name in sorted(self._names, key=lambda it: (("emoji" in it) is not pictures, _rank(it), it)):
            if (path := pygame.font.match_font(name)) and path not in self._broken:
                yield path


def _has(font: pygame.freetype.Font, cluster: str) -> bool:
    return None not in font.get_metrics(seen(cluster))


def _had(path: str, clusters: Iterable[str]) -> list[str]:
    """Those of the clusters that a font has; none if its file is broken."""
    font = _opened(path)
    return [cluster for cluster in clusters if font and _has(font, cluster)]


def _opened(path: str) -> pygame.freetype.Font | None:
    """The font, for a moment, since systems allow few open files; None if it is broken."""
    with contextlib.suppress(pygame.error, OSError, ValueError, RuntimeError, IndexError):
        font = pygame.freetype.Font(path)
        font.size = TEST_SIZE if font.scalable else font.get_sizes()[0][0]
        return font
    return None


def _rank(name: str) -> int:
    if name in BEST:
        return BEST.index(name)
    return len(BEST) + any(word in name for word in UNLIKE)
