"""The page: one file with everything in it, that asks nobody for anything, and overwrites nobody's file."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.decks import HEADINGS
from workshop.errors import WorkshopError
from workshop.slides import build as module
from workshop.slides.build import build, deck_names, is_ours, write
from workshop.slides.policy import digest

INERT = {"http://www.w3.org/2000/svg"}  # a name, which nobody asks for


class Reader(HTMLParser):
    """Reads what a page would load, what it links to, its scripts and its headings."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loads, self.links = list[str](), list[str]()
        self.addresses, self.scripts, self.headings = list[str](), list[str](), list[str]()
        self.handlers, self.policy = list[str](), ""
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each attribute that matters."""
        self._open.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "poster") or (name == "href" and tag != "a"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name.startswith("on"):
                self.handlers.append(name)
            elif name == "content" and "default-src" in (value or ""):
                self.policy = value or ""
            elif "://" in (value or ""):
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        """Note scripts and headings."""
        tag = self._open[-1] if self._open else ""
        if tag == "script":
            self.scripts.append(data)
        elif tag in ("h1", "h2"):
            self.headings.append(data)
        elif tag == "style":
            assert not re.search(r"@import|url\((?!data:)", data)

    def handle_endtag(self, tag: str) -> None:
        """Leave it, and all in it that has no end."""
        while self._open and self._open.pop() != tag:
            pass


def test_everything_is_in_the_file(slides: Path) -> None:
    """Pictures are data, drawings and scripts are in it; only a link in the text has an address."""
    page = Reader(build(slides))
    assert all(load.startswith("data:") for load in page.loads)
    assert len(page.loads) == 2, "the icon and the picture"
    assert set(page.addresses) <= INERT
    assert page.links == ["#/step02_echo", "https://example.org/protocol"]
    assert page.headings == HEADINGS


def test_only_its_own_scripts_run(slides: Path) -> None:
    """The policy names each script by its digest, and allows nothing else: no inline handler, no address."""
    page = Reader(build(slides))
    assert len(page.scripts) == 4
    assert not page.handlers
    assert all(f"'{digest(script)}'" in page.policy for script in page.scripts)
    scripts = page.policy.partition("script-src")[2]
    assert "unsafe" not in scripts
    assert "default-src 'none'" in page.policy
    assert "http" not in page.policy


def test_the_licences_come_along(slides: Path) -> None:
    """The page has the licences of what is in it."""
    page = build(slides)
    assert "Hakim El Hattab" in page
    assert "MarkedJS" in page


def test_order(slides: Path) -> None:
    """The decks come in the order of the day, and one that is not written yet is left out."""
    assert deck_names()[0] == "title"
    assert deck_names()[1].startswith("step00")
    assert deck_names()[-1] == "closing"
    found = re.findall(r'<section data-deck="(\w+)">', build(slides))
    assert found == ["title", "step02_echo"]


def test_twice_is_the_same(slides: Path) -> None:
    """The same decks give the same page, to the byte."""
    assert build(slides) == build(slides)


def test_no_decks(tmp_path: Path) -> None:
    """Without a deck there is nothing to build, and that is said."""
    with pytest.raises(WorkshopError, match="There are no decks"):
        build(tmp_path)


def test_ours_is_replaced(slides: Path, tmp_path: Path) -> None:
    """A page that we have built gives way to a newer one."""
    file = tmp_path / "new" / "slides.html"
    assert write(build(slides), file) is None
    (slides / "title.md").unlink()
    assert write(build(slides), file) is None
    assert is_ours(file)
    assert [it.name for it in file.parent.iterdir()] == ["slides.html"]


@pytest.mark.parametrize(
    "change", [lambda page: page.replace("answers", "asks"), lambda page: page + "x", str.upper]
)
def test_what_somebody_changed_is_kept(slides: Path, tmp_path: Path, change: object) -> None:
    """A file that we have not built, or that was changed since, gets another name."""
    assert callable(change)
    file = tmp_path / "slides.html"
    theirs = change(build(slides))
    file.write_text(theirs, encoding="utf-8")
    aside = write(build(slides), file)
    assert aside == tmp_path / "slides.1.html"
    assert aside.read_text(encoding="utf-8") == theirs
    assert is_ours(file)


def test_a_file_that_is_no_text(slides: Path, tmp_path: Path) -> None:
    """Bytes that make no text are somebody else's, too."""
    file = tmp_path / "slides.html"
    file.write_bytes(b"\xff\xfe\x00")
    assert write(build(slides), file) == tmp_path / "slides.1.html"


def test_it_cannot_be_written(slides: Path, tmp_path: Path) -> None:
    """Where nothing can be written, one sentence says which file and why."""
    (tmp_path / "file").touch()
    with pytest.raises(WorkshopError, match=r"slides\.html cannot be written: .+"):
        write(build(slides), tmp_path / "file" / "slides.html")


def test_the_page_for_a_server(slides: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server gets the page as bytes, built once."""
    texts = iter(["é", "another"])
    monkeypatch.setattr(module, "build", lambda: next(texts))
    module.page.cache_clear()
    try:
        assert [module.page(), module.page()] == ["é".encode()] * 2
    finally:
        module.page.cache_clear()
