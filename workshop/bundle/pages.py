"""The pages of a bundle: the guides and the start page. They need no server."""

import html as markup
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

import msgspec

from workshop import steps
from workshop.bundle.archive import TOP
from workshop.bundle.folder import size_in_words
from workshop.instructor.board.guides import render, render_take_home

OURS = Path(__file__).parent
STATIC = OURS.parent / "instructor" / "board" / "static"
BOARD_FILE = re.compile(r'="/board/([\w.-]+)"')
GUIDE_LINK = re.compile(r'href="/guides/(\w+)"')
PYTHON = {"windows": "py"}  # what starts Python there; elsewhere python3


class Download(msgspec.Struct, frozen=True):
    """What the start page says about one kind of laptop."""

    name: str  # of the platform
    title: str
    file: str = ""  # the archive's name; "" if there is none
    size: int = 0  # in bytes
    pythons: str = ""  # the Pythons for which it has packages, in words
    lacks: Sequence[str] = ()  # a sentence for each Python that it lacks, with the reason


def all_guides() -> Iterator[tuple[str, bytes]]:
    """The guides as pages that link to each other as files: path within the bundle, and bytes."""
    needed: set[str] = set()
    guides = {step.id: render(step) for step in steps.all_steps()} | {"take_home": render_take_home()}
    for name, page in guides.items():
        needed.update(BOARD_FILE.findall(page))
        yield f"guides/{name}.html", as_file(page).encode()
    for name in sorted(needed):
        yield f"guides/{name}", (STATIC / name).read_bytes()


def as_file(page: str) -> str:
    """A page of the board with links to the files beside it."""
    page = BOARD_FILE.sub(r'="\1"', GUIDE_LINK.sub(r'href="\1.html"', page))
    return page.replace('href="/guides/"', 'href="../index.html"')


def start_page(downloads: Sequence[Download], *, with_slides: bool) -> bytes:
    """The page that tells each attendee what to do."""
    page = Template((OURS / "start.html").read_text(encoding="utf-8"))
    links = ['<a href="slides/index.html">The slides</a>'] * with_slides
    links += [
        f'<a href="guides/{step.id}.html">{int(step.number)}. {markup.escape(step.title)}</a>'
        for step in steps.all_steps()
    ]
    links += ['<a href="guides/take_home.html">Take it home</a>']
    return page.substitute(
        downloads="\n".join(_download(each) for each in downloads),
        links="\n".join(f"<li>{link}</li>" for link in links),
        script=(OURS / "start.js").read_text(encoding="utf-8"),
    ).encode()


def _download(told: Download) -> str:
    """One kind of laptop: a part of the page that the attendee can open."""
    title = markup.escape(told.title)
    if not told.file:
        body = f"<p>{' '.join(map(markup.escape, told.lacks)) or 'Not in this bundle.'}</p>"
        return f'<details id="{told.name}"><summary>{title}</summary>{body}</details>'
    values = {
        "file": told.file,
        "size": size_in_words(told.size),
        "pythons": told.pythons,
        "lacks": " ".join(map(markup.escape, told.lacks)),
        "commands": "\n".join(markup.escape(line) for line in commands(told.name, told.file)),
        "by_hand": BY_HAND.get(told.name, BY_HAND_ELSEWHERE).format_map(
            {"top": TOP, "python": _python(told.name)}
        ),
    }
    return f'<details id="{told.name}"><summary>{title}</summary>{DOWNLOAD.format_map(values)}</details>'


def commands(platform: str, file: str) -> list[str]:
    """The lines to type, in order; HERE stands for the address of this page."""
    python = _python(platform)
    fetch = "curl.exe" if platform == "windows" else "curl"
    return [
        f"{fetch} -O HERE/{file}",
        f"{python} -m zipfile -e {file} .",
        f"cd {TOP}",
        f"{python} -m workshop",
    ]


def _python(platform: str) -> str:
    return PYTHON.get(platform, "python3")


DOWNLOAD: str = """
<p><a class="get" href="{file}" download>{file}</a>
<span class="size">{size},</span> for Python {pythons}. {lacks}</p>
<p>{by_hand}</p>
<p class="typed">Or type all of it in a terminal:</p>
<pre class="typed" tabindex="0"><code>{commands}</code></pre>
"""
BY_HAND_ELSEWHERE = (
    "Unpack it with a double click. Open a terminal in the folder <b>{top}</b> and type "
    "<code>{python} -m workshop</code>"
)
BY_HAND: Mapping[str, str] = {
    "windows": "Click the file with the right button, <b>Extract All…</b>. In the folder <b>{top}</b> click "
    "with the right button, <b>Open in Terminal</b>, and type <code>{python} -m workshop</code>",
}
