"""The drawings: one colour language, whole by themselves, and no two of them in each other's way."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from workshop.slides.build import SLIDES

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = sorted((SLIDES / "diagrams").glob("*.svg"))
MOST_WORDS = 20
MAY_HAVE = {"svg", "title", "style", "g", "rect", "circle", "path", "text"}


def test_all_are_shown() -> None:
    """Each drawing is on a slide; `test_build` fails where a deck shows one that is not there."""
    text = "".join(deck.read_text(encoding="utf-8") for deck in SLIDES.glob("*.md"))
    assert [file.stem for file in DRAWINGS if f"(diagrams/{file.name})" not in text] == []


@pytest.mark.parametrize("file", DRAWINGS, ids=lambda file: file.stem)
def test_a_drawing(file: Path) -> None:
    """It has a title, the one size, few words, and nothing that runs or leads elsewhere."""
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 1000 560"
    assert root.get("class") == "diagram"
    assert (root.findtext(f"{SVG}title") or "").strip()
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= MAY_HAVE
    assert not [name for element in root.iter() for name in element.attrib if name in ("id", "href", "style")]
    words = " ".join(element.text or "" for element in root.iter(f"{SVG}text")).split()
    assert len([word for word in words if not word.isdigit()]) <= MOST_WORDS


def test_one_language() -> None:
    """All have the same style: inlined into one page, the last one rules all of them."""
    styles = {
        re.sub(r"\A.*<style>|</style>.*\Z", "", f.read_text("utf-8"), flags=re.DOTALL) for f in DRAWINGS
    }
    assert len(styles) == 1
    assert all(rule.startswith(".diagram ") for rule in styles.pop().strip().splitlines())
