"""The slides' pictures, as they go into the page: drawings as SVG, photographs and films as data."""

import base64
import re
from functools import partial
from html import escape
from pathlib import Path

from workshop.slides.html import Pictures

FOLDERS = ("diagrams", "films", "pictures")
TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
BEFORE_SVG = re.compile(r"\A.*?(?=<svg\b)", re.DOTALL)


def pictures_in(slides: Path) -> Pictures:
    """Every picture below `slides/`, by its path there; each is read when it is shown."""
    files = (file for folder in FOLDERS for file in sorted((slides / folder).glob("*")))
    return {
        file.relative_to(slides).as_posix(): partial(KINDS.get(file.suffix, _photograph), file)
        for file in files
        if file.suffix in (*KINDS, *TYPES)
    }


def _drawing(file: Path, words: str) -> str:
    svg = BEFORE_SVG.sub("", file.read_text(encoding="utf-8"))
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(words)}"', 1)


def _photograph(file: Path, words: str) -> str:
    data = base64.b64encode(file.read_bytes()).decode("ascii")
    return f'<img src="data:{TYPES[file.suffix]};base64,{data}" alt="{escape(words)}">'


def _film(file: Path, words: str) -> str:
    film = escape(file.read_text(encoding="utf-8").strip())
    canvas = f'<canvas role="img" aria-label="{escape(words)}" data-film="{film}"></canvas>'
    return f'<div class="film">{canvas}<button type="button">Play</button></div>'


KINDS = {".svg": _drawing, ".json": _film}
