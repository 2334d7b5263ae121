"""What a PDF says, page by page: as much of the format (ISO 32000) as Chromium writes, and no more."""

import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping

OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL | re.MULTILINE)
STREAM = re.compile(rb"\A(<<.*?>>)\s*stream\n(.*)\nendstream\Z", re.DOTALL)
FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
SELECTED = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")

Objects = Mapping[int, bytes]
Font = Mapping[int, str]  # number of a glyph -> what it says


def pages(data: bytes) -> list[str]:
    """The text of each page, see `squeezed`: a PDF has glyphs at places, and its spaces are often none."""
    objects = {int(number): body for number, body in OBJECT.findall(data)}
    found = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    return [_text(body, objects) for body in found]


def squeezed(text: str) -> str:
    """A text without its spaces, and with letters instead of ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _text(page: bytes, objects: Objects) -> str:
    fonts = {name: _font(objects[int(number)], objects) for name, number in FONT.findall(page)}
    return squeezed("".join("".join(_said(content, fonts)) for content in _contents(page, objects)))


def _contents(page: bytes, objects: Objects) -> Iterator[bytes]:
    found = re.search(rb"/Contents (\d+) 0 R", page)
    if found:
        yield _stream(objects[int(found[1])])


def _said(content: bytes, fonts: Mapping[bytes, Font]) -> Iterator[str]:
    font: Font = {}
    for name, glyphs in SELECTED.findall(content):
        if name:
            font = fonts[name]
        else:
            yield from (font.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4))


def _font(font: bytes, objects: Objects) -> Font:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    return dict(_meanings(_stream(objects[int(found[1])]))) if found else {}


def _meanings(table: bytes) -> Iterator[tuple[int, str]]:
    """Each glyph of a ToUnicode table: single ones, and rows of them that follow one another."""
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        for glyph, meaning in re.findall(rb"<(\w+)> <(\w+)>", block):
            yield int(glyph, 16), _utf16(meaning)
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, meaning in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            for step, glyph in enumerate(range(int(first, 16), int(last, 16) + 1)):
                yield glyph, chr(ord(_utf16(meaning)) + step)


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _stream(body: bytes) -> bytes:
    found = STREAM.match(body)
    assert found, body[:80]
    return zlib.decompress(found[2]) if b"/FlateDecode" in found[1] else found[2]
