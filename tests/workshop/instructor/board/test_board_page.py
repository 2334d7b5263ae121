"""The page for the projector: everybody on one screen, and no command that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import netlib
from tests.support.axe import barriers
from tests.support.board import SEED, a_board, a_host, enrol, http
from tests.support.browser import a_page, shows
from tests.support.chromium import chromium
from tests.support.processes import wait_until_async
from tests.support.rooms import plain_client
from workshop.game.rules.maps import make_map
from workshop.instructor.board.facts import map_as_json
from workshop.steps import all_steps

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.slow  # a browser is
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
SIZES = [(1920, 1080), (1440, 900), (768, 1024), (390, 844)]
NARROW = 900  # pixels; up to this width a page scrolls
MATTERS = 28  # pixels of the letters of what is read from ten metres
PEOPLE = [f"Attendee {number}" for number in range(30)]
SHORT = "06.4 why hypot?"
LONG = (
    "nothing happens at all, I have restarted it, and it still says that the port is in use by somebody else"
)
ODD = ["漢" * 20, "🦊🐙🎲🧭🛶🎻🌋🪁🧊🪐", "محمد عبد الرحمن", "W" * 20]
HIDDEN = """(selector) => [...document.querySelectorAll(selector)].filter((node) => {
  const { left, top, right, bottom, width } = node.getBoundingClientRect();
  const box = document.querySelector("#people").getBoundingClientRect();
  return !width || left < box.left || top < box.top || right > box.right || bottom > box.bottom;
}).map((node) => node.textContent)"""
FITS = """(({ scrollWidth, scrollHeight }) => scrollWidth <= innerWidth && scrollHeight <= innerHeight)(
  document.documentElement)"""
SIZE = "(selector) => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
BROKEN = """(mayScroll) => [...document.querySelectorAll("#join code")].filter((node) => {
  const { right, bottom } = node.getBoundingClientRect();
  const box = document.querySelector("#join").getBoundingClientRect();
  return node.getClientRects().length !== 1 || (!mayScroll && (right > box.right || bottom > box.bottom));
}).map((node) => node.textContent)"""
SHOWN = """async (rows) => {
  const { showPeople } = await import("/board/board/people.js");
  showPeople(rows);
  const texts = (kind) => [...document.querySelectorAll(kind)].map((node) => node.textContent);
  return ["#hands li", "#tiles li"].map(texts);
}"""
COUNT_FRAMES = """() => {
  const real = requestAnimationFrame;
  window.asked = 0;
  window.requestAnimationFrame = (act) => {
    window.asked += 1;
    return real(act);
  };
}"""
PROGRESS = """async ([steps, current]) => {
  const { showProgress } = await import("/board/board/progress.js");
  document.body.dataset.joining = "no";
  Object.assign(document.querySelector("#banner"), { hidden: false, innerText: "Paused — Kim\\nLook — Kim" });
  showProgress(steps.map((step) => ({ step, through: 20, stuck: 10, here: 6 })), current, 30);
  const box = document.querySelector("#progress").getBoundingClientRect();
  return [...document.querySelectorAll("#progress li")].map((line) => [
    line.innerText, line.getBoundingClientRect().bottom <= box.bottom,
    parseFloat(getComputedStyle(line).fontSize),
  ]);
}"""
BODIES = """async () => {
  const { showScores } = await import("/board/board/scores.js");
  const { map } = await import("/board/page/told.js");
  showScores([1, 0, 10].map((colour) => ({ name: `P${colour}`, colour, score: 20 - colour })), map);
  const told = (node) => [...node.children].map(({ tagName, attributes }) => [
    tagName, (attributes.points?.value ?? "").split(" ").filter(Boolean).length, attributes.fill.value]);
  return [...document.querySelectorAll("#scores svg")].map(told);
}"""
AREA = """(() => {
  const { width, height } = document.querySelector("#join").getBoundingClientRect();
  return (width * height) / innerWidth / innerHeight;
})()"""


async def hidden(page: Page, selector: str) -> list[str]:
    """Return the texts of what is not wholly on the first screen."""
    found: list[str] = await page.evaluate(HIDDEN, selector)
    return found


@pytest.mark.parametrize("words", [[SHORT] * 8, [LONG] * 30], ids=["8 hands", "30 hands"])
async def test_thirty_people_are_on_the_first_screen(words: list[str]) -> None:
    """At 1080p each attendee and each hand with all its words is to be seen without scrolling or paging."""
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        await enrol(server, PEOPLE, words)
        await shows(page, "document.querySelectorAll('#people li').length === 30")
        await shows(page, f"document.querySelectorAll('#hands li').length === {len(words)}")
        assert not await hidden(page, "#people li, #hands li *")
        assert await page.evaluate(FITS)


async def test_what_matters_is_large() -> None:
    """From ten metres one reads names, hands, progress, the round and what the host says."""
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        await enrol(server, PEOPLE, [SHORT] * 3)
        async with plain_client(server, hello="Kim") as kim:
            await a_host(kim)
            await kim.ask(type="board_order", do="say", text="Five more minutes")
            await shows(page, "document.querySelector('#banner').textContent.includes('minutes — Kim')")
            await shows(page, "document.querySelectorAll('#tiles li').length === 28")
        for part in ("#hands b", "#hands q", "#tiles b", "#progress li", "#banner p", "#room", "#clock"):
            assert await page.evaluate(SIZE, part) >= MATTERS, part


async def test_hands_are_pinned_the_longest_first() -> None:
    """A hand that has been up for longest is first, with its minutes and words; the others follow."""
    base = {
        "member": True,
        "id": 0,
        "kind": "",
        "quality": "",
        "step": "06 Authority",
        "words": "",
        "seconds": 0,
    }
    rows = [
        base | {"name": "Ada", "state": "stuck", "seconds": 59, "words": SHORT},
        base | {"name": "Cleo", "state": "working", "seconds": 4000, "player": "Kim"},
        base | {"name": "Ben", "state": "stuck", "seconds": 1300, "words": LONG},
    ]
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        hands, tiles = await page.evaluate(SHOWN, rows)
    assert hands == [f"Ben21 min · step 6{LONG}", f"Adajust now · step 6{SHORT}"]
    assert tiles == ["Cleostep 6 · as Kim"]


async def test_progress_is_told_by_step() -> None:
    """The board says how many of the class are through, and how many are stuck."""
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        await enrol(server, ["Ada", "Ben", "Cleo"], [SHORT, SHORT])
        await shows(
            page, "document.querySelector('#progress').textContent.includes('0 of 3 through, 2 stuck')"
        )


async def test_progress_is_whole_and_large_beneath_a_banner() -> None:
    """Five steps are to be seen, in large letters; that of the class keeps its title, others may lose it."""
    steps = [f"{step.number} {step.title}" for step in all_steps()[3:8]]
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        lines = await page.evaluate(PROGRESS, [steps, steps[1]])
    assert [whole for _, whole, _ in lines] == [True] * 5
    assert min(size for *_, size in lines) >= MATTERS
    assert lines[0][0] == "Step 3: 20 of 30 through, 10 stuck"
    assert lines[1][0].startswith("Step 4 The render loop: ")


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("people", [0, 30])
async def test_no_command_and_no_address_breaks(width: int, height: int, people: int) -> None:
    """Large or as a strip, each command and each address is on one line, and the page is not too wide."""
    size = {"viewport": {"width": width, "height": height}}
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **size) as page:
        await enrol(server, PEOPLE[:people])
        await shows(page, f"document.body.dataset.joining === '{'no' if people else 'yes'}'")
        assert await page.locator("#join code").count() == 6
        assert not await page.evaluate(BROKEN, width <= NARROW)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_joining_is_largest_until_half_is_here() -> None:
    """The host expects four: with one of them joining is large, with two it is a strip."""
    async with (
        a_board() as server,
        plain_client(server, hello="Kim") as kim,
        chromium() as browser,
        a_page(browser, http(server), **PROJECTOR) as page,
    ):
        await a_host(kim)
        await kim.ask(type="board_order", do="expect", number=4)
        await shows(page, "document.querySelectorAll('#tiles li').length === 1")
        assert await page.evaluate(AREA) > 0.4
        await enrol(server, ["Ada"])
        await shows(page, "document.body.dataset.joining === 'no'")
        assert await page.evaluate(AREA) < 0.2


async def test_the_best_players_look_as_on_the_map() -> None:
    """Each has the outline, the colour and the dots of its body, also when the order has changed."""
    colours = map_as_json(make_map(SEED))["colours"]
    assert isinstance(colours, dict)
    first, second, eleventh = (colours["players"][colour] for colour in (0, 1, 10))
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        circle, box, triangle = await page.evaluate(BODIES)
    assert circle == [["circle", 0, first]]
    assert box == [["polygon", 4, second]]
    assert triangle == [["polygon", 3, eleventh], ["circle", 0, colours["ink"]]]


async def test_away_phones_and_bots_are_told_apart() -> None:
    """A player who lost the connection is marked, a phone is named, and a bot is no attendee."""
    async with (
        a_board() as server,
        chromium() as browser,
        a_page(browser, http(server), **PROJECTOR) as page,
        plain_client(server, hello="Elm") as elm,
        plain_client(server, hello="Zoe") as zoe,
        plain_client(server, hello="Ada") as ada,
    ):
        await elm.ask(type="playing_as", kind="bot")
        await zoe.ask(type="playing_as", kind="phone")
        ada.kill()
        await wait_until_async(lambda: any(not peer.connected for peer in server.players), "she is away")
        await shows(page, "document.querySelector('#tiles li.away b')?.textContent === 'Ada'")
        assert await page.inner_text("#people-title") == "2 people · 1 away · 1 bot"
        assert "phone" in await page.inner_text("#tiles")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
async def test_less_motion_is_obeyed(motion: str) -> None:
    """For those who want less motion the map is drawn now and then, and not in each frame."""
    options = {**PROJECTOR, "reduced_motion": motion}
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **options) as page:
        await page.evaluate(COUNT_FRAMES)
        async with plain_client(server, hello="Ada"):
            await shows(page, "document.querySelector('#clock').textContent === '1:58'")
        assert (await page.evaluate("window.asked") == 0) is (motion == "reduce")


async def test_odd_names_keep_the_layout() -> None:
    """Wide, Arabic and pictured names stay in their tiles, and no tile leaves the screen."""
    async with a_board() as server, chromium() as browser, a_page(browser, http(server), **PROJECTOR) as page:
        await enrol(server, [*ODD, *PEOPLE[:26]], [SHORT] * 2)
        await shows(page, "document.querySelectorAll('#people li').length === 30")
        await shows(page, "document.querySelectorAll('#hands li').length === 2")
        assert not await hidden(page, "#people li")
        assert await page.evaluate(FITS)


@pytest.mark.parametrize("colours", ["dark", "light"])
async def test_nobody_is_shut_out(colours: str) -> None:
    """axe-core finds nothing on the board, empty and full, nor on the page for phones."""
    options = {**PROJECTOR, "color_scheme": colours}
    async with a_board(link=netlib.LinkConditions(0.05)) as server, chromium() as browser:
        async with a_page(browser, http(server), **options) as page:
            assert not await barriers(page)
            await enrol(server, PEOPLE, [SHORT] * 8)
            await shows(page, "document.querySelectorAll('#people li').length === 30")
            assert not await barriers(page)
        async with a_page(browser, http(server, "/play"), **options) as page:
            assert not await barriers(page)
            await page.fill("#name", "Zoe")
            await page.click("#enter button")
            await shows(page, "document.body.dataset.playing === 'yes'")
            assert not await barriers(page)
