"""The page as a class sees it: in a real browser, on screens of two shapes, on paper, with its speaker."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import pdf
from tests.support.axe import barriers
from tests.support.chromium import chromium
from tests.support.decks import HEADINGS
from workshop.slides.build import SLIDES, build, deck_names, read_deck, write

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.slow  # a browser is
WIDE, OLD = (1280, 720), (1024, 768)  # pixels: 16:9 and 4:3
SERVED = "http://127.0.0.1:8765/slides/"  # answered by the test itself: nobody listens there
READY = "() => window.Reveal && Reveal.isReady()"
GO = "id => { const at = Reveal.getIndices(document.getElementById(id)); Reveal.slide(at.h, at.v); }"
SHOWN = "() => Reveal.getCurrentSlide().id"
# Reveal hides all slides but one from readers; axe-core would pass over them.
UNHIDE = """() => document.querySelectorAll("section, aside").forEach(it => {
  it.removeAttribute("aria-hidden");
  it.hidden = it.inert = false;
})"""
# What of a slide lies outside of it or of its body, and pictures too small to see.
TOO_LARGE = """id => {
  const slide = document.querySelector(`#${id} > .slide`), body = slide.querySelector(".body");
  const inside = (box, frame, more = 1) => box.left > frame.left - 1 && box.right < frame.right + 1
    && box.top > frame.top - more && box.bottom < frame.bottom + more;
  const frame = slide.getBoundingClientRect(), wrong = [];
  for (const it of slide.querySelectorAll("*:not(svg *)")) {
    const box = it.getBoundingClientRect();
    const bounds = body.contains(it) ? body.getBoundingClientRect() : frame;
    const style = getComputedStyle(it);  // what is inline is as high as its font, even beyond the line
    const more = style.display === "inline" ? parseFloat(style.fontSize) / 4 : 1;
    if (box.width && !inside(box, bounds, more)) wrong.push(`${it.tagName} is not inside`);
    if (it.tagName === "FIGURE" && box.height < frame.height / 3) wrong.push("a small picture");
    if (it.tagName === "PRE" && it.scrollWidth > it.clientWidth + 1) wrong.push("a wide line");
    if (it.tagName === "PRE" && parseFloat(getComputedStyle(it).fontSize) < 20) wrong.push("small letters");
  }
  if (frame.width > innerWidth + 1 || frame.height > innerHeight + 1) wrong.push("beyond the window");
  return wrong;
}"""


@contextlib.asynccontextmanager
async def shown(
    page: str, folder: Path, size: tuple[int, int] = WIDE, query: str = ""
) -> AsyncIterator[Page]:
    """Open a page from a file; whatever goes wrong in it, or is asked of anybody else, fails the test."""
    file = folder / "shown.html"
    write(page, file)
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]})
        asked, wrong = list[str](), list[str]()
        context.on("request", lambda request: asked.append(request.url))
        context.on("console", lambda message: wrong.append(message.text))
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        opened = await context.new_page()
        await opened.goto(file.as_uri() + query)
        await opened.wait_for_function(READY)
        yield opened
        await context.close()
        assert not wrong
        assert not [url for url in asked if not url.startswith((file.as_uri(), "data:", "about:"))]


async def slide_ids(page: Page) -> list[str]:
    """The names of all slides, in order."""
    found: list[str] = await page.evaluate("() => Reveal.getSlides().map(slide => slide.id)")
    return found


async def too_large(page: Page) -> dict[str, Any]:
    """What does not fit, by slide."""
    await page.evaluate("() => Reveal.configure({ transition: 'none' })")
    found = {}
    for name in await slide_ids(page):
        await page.evaluate(GO, name)
        if wrong := await page.evaluate(TOO_LARGE, name):
            found[name] = wrong
    return found


@pytest.mark.parametrize("size", [WIDE, OLD], ids=["16:9", "4:3"])
async def test_every_slide_fits(tmp_path: Path, size: tuple[int, int]) -> None:
    """Nothing on the slides of the course is cut off, on a screen of either shape."""
    async with shown(build(), tmp_path, size) as page:
        assert len(await slide_ids(page)) > len(deck_names())
        assert await too_large(page) == {}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("a long line of text that goes on\n\n" * 12, "is not inside"),
        (f"```text\n{'x' * 200}\n```", "small letters"),
        ("- a point\n" * 9 + "\n\n![it](pictures/pixel.png)", "a small picture"),
    ],
)
async def test_a_slide_that_is_too_full(slides: Path, tmp_path: Path, more: str, said: str) -> None:
    """What does not fit on a slide is found by the test above."""
    (slides / "title.md").write_text(f"---\ntitle: a\nminutes: 1\n---\n# One\n{more}", encoding="utf-8")
    async with shown(build(slides), tmp_path) as page:
        found = await too_large(page)
        assert found.keys() == {"title"}
        assert said in " ".join(found["title"])


async def test_keys_go_through_all_slides(slides: Path, tmp_path: Path) -> None:
    """The key that a presenter's remote sends leads through every slide, from one deck into the next."""
    async with shown(build(slides), tmp_path) as page:
        seen = [await page.evaluate(SHOWN)]
        for _ in HEADINGS[1:]:
            await page.keyboard.press("PageDown")
            seen.append(await page.evaluate(SHOWN))
        assert seen == ["title", "title-2", "step02_echo", "step02_echo-2", "step02_echo-3"]


async def test_a_link_leads_to_its_deck(slides: Path, tmp_path: Path) -> None:
    """A link to a deck shows its first slide; an address with a deck's name opens there."""
    async with shown(build(slides), tmp_path, query="#/title-2") as page:
        assert await page.evaluate(SHOWN) == "title-2"
        await page.click("text=the echo")
        await page.wait_for_function("() => Reveal.getCurrentSlide().id === 'step02_echo'")


async def test_links_of_the_course(tmp_path: Path) -> None:
    """Every link inside the course's slides leads to a slide that there is."""
    async with shown(build(), tmp_path) as page:
        links = await page.eval_on_selector_all(".slide a", "all => all.map(it => it.getAttribute('href'))")
        ids = await slide_ids(page)
        assert not [link for link in links if link.startswith("#") and link.removeprefix("#/") not in ids]


async def test_the_speaker_has_notes(slides: Path, tmp_path: Path) -> None:
    """S opens a window with the notes, the slide and the next one; it follows when the slides go on."""
    async with shown(build(slides), tmp_path) as page:
        await follows(page)


async def test_the_speaker_has_notes_from_a_server(slides: Path) -> None:
    """The same, where `host` serves the page: there, other rules hold for windows and frames."""
    body = build(slides)
    async with chromium() as browser:
        context = await browser.new_context()
        await context.route("**/*", lambda route: route.fulfill(body=body, content_type="text/html"))
        page = await context.new_page()
        await page.goto(SERVED)
        await page.wait_for_function(READY)
        await follows(page)


async def follows(page: Page) -> None:
    """Open the speaker's window, and see that it shows what it should, now and on the next slide."""
    async with page.context.expect_page() as opening:
        await page.keyboard.press("s")
    speaker = await opening.value
    notes = speaker.locator(".speaker-controls-notes .value")
    await speaker.wait_for_selector("text=Say good morning.")
    now, following = (
        speaker.frame_locator("#current-slide iframe"),
        speaker.frame_locator("#upcoming-slide iframe"),
    )
    await now.locator("section.present h1", has_text="You press a key").wait_for()
    await following.locator("section.present h2", has_text="The day").wait_for()
    await page.keyboard.press("PageDown")
    await speaker.wait_for_selector("text=Tell them about")
    assert "<strong>the breaks</strong>" in await notes.inner_html()
    await now.locator("section.present h2", has_text="The day").wait_for()


async def test_notes_are_for_the_speaker(slides: Path, tmp_path: Path) -> None:
    """The class does not see the notes."""
    async with shown(build(slides), tmp_path) as page:
        assert await page.locator("aside.notes:visible").count() == 0


async def test_a_script_that_came_in_does_not_run(slides: Path, tmp_path: Path) -> None:
    """The page's policy lets only its own scripts run, and asks no other place for anything."""
    foreign = (
        "<script>window.ours = 1</script><img src='https://example.org/a.png' onerror='window.ours = 2'>"
    )
    file = tmp_path / "foreign.html"
    file.write_text(build(slides).replace("<body>", f"<body>{foreign}", 1), encoding="utf-8")
    async with chromium() as browser:
        page = await browser.new_page()
        blocked = list[str]()
        page.on("console", lambda message: blocked.append(message.text))
        await page.goto(file.as_uri())
        await page.wait_for_function(READY)
        assert await page.evaluate("() => window.ours") is None
        assert len([text for text in blocked if "Content Security Policy" in text]) >= 2


@pytest.mark.parametrize("course", [False, True], ids=["small", "course"])
async def test_on_paper(slides: Path, tmp_path: Path, course: bool) -> None:
    """Printed to a PDF, each slide is a page, and has its heading on it."""
    folder = SLIDES if course else slides
    decks = [deck for name in deck_names() if (deck := read_deck(name, folder))]
    headings = [slide.heading for deck in decks for slide in deck.slides]
    async with shown(build(folder), tmp_path, query="?print-pdf") as page:
        await page.wait_for_function(
            "count => document.querySelectorAll('.pdf-page').length === count", arg=len(headings)
        )
        printed = pdf.pages(await page.pdf(prefer_css_page_size=True, print_background=True))
    assert len(printed) == len(headings)
    for text, heading in zip(printed, headings, strict=True):
        assert pdf.squeezed(re.sub(r"[`*]", "", heading)) in text


async def test_nobody_is_shut_out(tmp_path: Path) -> None:
    """On all slides at once, as they are printed, axe-core finds nothing that a reader could not use."""
    async with shown(build(), tmp_path, query="?print-pdf") as page:
        await page.wait_for_selector(".pdf-page canvas")
        await page.evaluate(UNHIDE)
        assert await barriers(page) == []


FILM = """{"rate": 60, "frames": 120, "view": [0, 0, 400, 40], "walls": [], "captions": [[0, "key: none"]],
"lanes": [{"label": "raw", "tracks": {"player": %s}, "things": []}]}"""
INK = "() => { const it = document.querySelector('canvas'); return it.toDataURL(); }"
BUTTON = ".film button"


@pytest.fixture
def filmed(slides: Path) -> str:
    """A page whose first slide has a film: a player who runs for two seconds."""
    (slides / "films").mkdir()
    track = [at for frame in range(120) for at in (3 * frame, 20)]
    (slides / "films" / "run.json").write_text(FILM % track, encoding="utf-8")
    deck = "---\ntitle: a\nminutes: 1\n---\n# One\n![A player who runs](films/run.json)\n\n---\n## Two\n"
    (slides / "title.md").write_text(deck, encoding="utf-8")
    return build(slides)


async def test_a_film_plays_while_its_slide_is_shown(filmed: str, tmp_path: Path) -> None:
    """It moves; a key pauses it and does not turn the slide; on the next slide it has stopped."""
    async with shown(filmed, tmp_path) as page:
        assert await page.get_by_role("img", name="A player who runs").count() == 1
        before = await page.evaluate(INK)
        await page.wait_for_function(f"before => ({INK})() !== before", arg=before)
        await page.focus(BUTTON)
        await page.keyboard.press("Space")
        assert await page.text_content(BUTTON) == "Play"
        assert await page.evaluate(SHOWN) == "title"
        await page.keyboard.press("Enter")
        assert await page.text_content(BUTTON) == "Pause"
        await page.evaluate(GO, "title-2")
        assert await page.text_content(BUTTON) == "Play"


async def test_a_film_is_still_for_those_who_want_it(filmed: str, tmp_path: Path) -> None:
    """With reduced motion it is a picture until somebody asks for it."""
    async with shown(filmed, tmp_path) as page:
        await page.emulate_media(reduced_motion="reduce")
        await page.reload()
        await page.wait_for_function(READY)
        still = await page.evaluate(INK)
        await page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        assert await page.evaluate(INK) == still
        await page.click(BUTTON)
        await page.wait_for_function(f"before => ({INK})() !== before", arg=still)


async def test_a_film_on_paper(filmed: str, tmp_path: Path) -> None:
    """Printed, it is the same still picture, whatever it showed before."""
    async with shown(filmed, tmp_path) as page:
        await page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        still = await page.evaluate(INK)
        await page.emulate_media(reduced_motion="reduce")
        await page.reload()
        await page.wait_for_function(READY)
        assert await page.evaluate(INK) == still
        await page.goto(f"{page.url.partition('#')[0]}?print-pdf")
        await page.wait_for_selector(".pdf-page canvas")
        await page.wait_for_function(f"still => ({INK})() === still", arg=still)
