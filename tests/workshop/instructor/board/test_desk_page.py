"""The page for the host's own screen: each order, in how many clicks, by mouse and by keyboard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from ipaddress import IPv4Interface
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import netlib
from netlib.discovery.interfaces import Face
from netlib.discovery.reach import Kind
from netlib.rooms import Visitor
from tests.support.axe import barriers
from tests.support.board import PASSWORD, a_board, a_server, enrol, http
from tests.support.browser import DESKTOP, PHONE, a_page, shows
from tests.support.chromium import chromium
from tests.support.processes import wait_until_async
from tests.support.rooms import plain_client, url
from workshop.game.rules.messages import Notice, PlayingAs
from workshop.instructor.board import addresses
from workshop.instructor.classroom.messages import ClassJoin, ClassPlace
from workshop.steps import all_steps

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.slow  # a browser is
WORDS = "<script>document.title='bad'</script>"
SOON = 20_000  # milliseconds; a deadline
ROW = "#people tbody tr button"
OLD, NEW = "old laptop".ljust(22), "new laptop".ljust(22)  # secrets
KEPT = "(word) => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]).includes(word)"
KICKS_ON_EACH_TRY = """() => {
  window.WebSocket = class extends WebSocket {
    constructor(address) {
      super(address);
      document.querySelector("#kick").click();
    }
  };
}"""
UNDO_MS = 10_000  # for which an order waits
MARKED = """(() => {
  const rows = [...document.querySelectorAll("#people tbody tr")];
  const isColoured = (row) => getComputedStyle(row.cells[0]).backgroundColor !== "rgba(0, 0, 0, 0)";
  const isPressed = (row) => row.querySelector("[aria-pressed=true]");
  return [isColoured, isPressed].map((marked) => rows.filter(marked).map((row) => row.cells[0].textContent));
})()"""
UNCOVERED = """(selector) => {
  const node = document.querySelector(selector);
  node.scrollIntoView({ block: "center" });
  const { left, top, width, height } = node.getBoundingClientRect();
  const on = document.elementFromPoint(left + width / 2, top + height / 2);
  return node === on || node.contains(on) || on.contains(node);
}"""


async def log_in(page: Page, password: str = PASSWORD) -> None:
    """Type the host's password."""
    await page.fill("#host-password", password)
    await page.click("#login button.main")


@contextlib.asynccontextmanager
async def a_desk(browser: Browser, server: netlib.Server, **options: Any) -> AsyncIterator[Page]:
    """Give a desk at which the host is logged in."""
    async with a_page(browser, http(server, "/desk"), **(options or DESKTOP)) as page:
        await log_in(page)
        await page.wait_for_selector("#controls", timeout=SOON)
        yield page


async def press(page: Page, *selectors: str) -> None:
    """Do something with so many clicks: two are the most that anything may take."""
    assert len(selectors) <= 2
    for selector in selectors:
        await page.click(selector, timeout=SOON)


async def test_a_wrong_password_opens_nothing() -> None:
    """The desk shows no control, and says why; with the right one it does."""
    async with (
        a_board() as server,
        chromium() as browser,
        a_page(browser, http(server, "/desk"), **DESKTOP) as page,
    ):
        await log_in(page, "wrong")
        await shows(page, "document.querySelector('#login-problem').textContent")
        said = await page.inner_text("#login-problem")
        assert said.startswith("This is not the host's password") and said.endswith(".")
        assert await page.is_hidden("#controls") and await page.is_hidden("#people")
        await log_in(page)
        await page.wait_for_selector("#controls", timeout=SOON)


async def test_a_desk_comes_back(tmp_path: Path) -> None:
    """It is open again after a reload, and after a restart of the host with its class and no other."""
    file = tmp_path / "class.db"
    async with chromium() as browser, contextlib.AsyncExitStack() as rest:
        async with a_board(class_file=file) as first:
            port = first.port
            page = await rest.enter_async_context(a_desk(browser, first))
            await page.reload()
            await page.wait_for_selector("#controls", timeout=SOON)
            assert not await page.evaluate(KEPT, PASSWORD), "the password is kept nowhere"
        async with a_board(a_server(port=port), class_file=file) as second:
            await wait_until_async(lambda: any(map(second.rights.is_host, second.peers)), "the desk is back")
            await press(page, "#pause")
            await wait_until_async(lambda: second.paused, "the pause")
        async with a_board(a_server(port=port), class_file=tmp_path / "another.db"):
            await page.wait_for_selector("#controls", state="hidden", timeout=SOON)
            await rest.aclose()


async def test_the_address_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The board shows the address that the host chooses, and another desk marks it."""
    networks: dict[str, Kind] = {"10.0.0.5/24": "lan", "10.8.0.2/24": "tunnel"}
    found = [Face("eth0", IPv4Interface(at), kind) for at, kind in networks.items()]
    monkeypatch.setattr(addresses, "faces", lambda: found)
    async with (
        a_board(host=None) as server,
        chromium() as browser,
        a_page(browser, http(server), **DESKTOP) as board,
        a_desk(browser, server) as desk,
        a_desk(browser, server) as other,
    ):
        joining = "document.querySelector('#join').textContent"
        await shows(board, f"{joining}.includes('http://10.0.0.5:{server.port}/play')")
        await desk.select_option("#address", "10.8.0.2")
        await shows(board, f"{joining}.includes('http://10.8.0.2:{server.port}/play')")
        await shows(board, f"{joining}.includes('-m workshop join 10.8.0.2:{server.port}')")
        await shows(board, f"!{joining}.includes('10.0.0.5')")
        await shows(other, "document.querySelector('#address').value === '10.8.0.2'")


async def test_a_room_with_a_password() -> None:
    """The desk asks for the room's password, too, once the room wants it."""
    async with (
        a_board(password="pear") as server,
        chromium() as browser,
        a_page(browser, http(server, "/desk"), **DESKTOP) as page,
    ):
        await log_in(page)
        await page.fill("#room-password", "pear", timeout=SOON)
        await log_in(page)
        await page.wait_for_selector("#controls", timeout=SOON)


async def test_time_and_words_take_two_clicks() -> None:
    """Pause, new round, a word, a countdown and the step: each in at most two."""
    step = all_steps()[6]
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Ada", messages=[Notice]) as ada,
        plain_client(server, hello="Eve") as eve,
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        said: list[str] = []
        ada.on(Notice, lambda notice: said.append(notice.text))
        await press(page, "#pause")
        await wait_until_async(lambda: server.paused, "the pause")
        await shows(page, "document.querySelector('#pause').textContent === 'Go on'")
        await press(page, "#pause")
        await wait_until_async(lambda: not server.paused, "going on")
        await press(page, "#restart", "#restart")
        await wait_until_async(lambda: "Host has restarted the round" in said, "the new round")
        await page.fill("#words", WORDS)
        await press(page, "#say button")
        await wait_until_async(lambda: f"Host: {WORDS}" in said, "what the host says")
        await shows(page, "document.querySelector('#said').textContent.startsWith('now: <script>')")
        await press(page, "#minutes button >> text='5 min'")
        await shows(page, "document.querySelector('#countdown').textContent.match(/^[45]:/)")
        await page.select_option("#step", step.id)
        await shows(page, f"document.querySelector('#answer').textContent.includes({step.title!r})")
        table = (await eve.ask(type="watch"))["body"]
        assert table["screen"]["step"] == f"{step.number} {step.title}"


async def test_network_and_bots_take_two_clicks() -> None:
    """A preset is in force for everyone, marked at each desk, with its numbers; bots come by one press."""
    async with a_board() as server, chromium() as browser, a_desk(browser, server) as page:
        await press(page, "[data-link=all] button >> text='250 ms'")
        await wait_until_async(lambda: server.link.latency == 0.25, "lag for everyone")
        marked = "document.querySelector('[data-link=all] [aria-pressed=true]')?.textContent"
        await shows(page, f"{marked} === '250 ms'")
        async with a_desk(browser, server) as other:
            await shows(other, f"{marked} === '250 ms'")
            assert await other.locator("[data-link=all] input").first.input_value() == "250"
        await press(page, "[data-bots='1']")
        await wait_until_async(lambda: len(server.players) == 1, "a bot")


async def test_one_press_of_new_round_only_asks() -> None:
    """The first press asks; when something else is pressed then, nothing has happened."""
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Ada", messages=[Notice]) as ada,
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        said: list[str] = []
        ada.on(Notice, lambda notice: said.append(notice.text))
        await press(page, "#restart")
        assert await page.inner_text("#restart") != "New round"
        await page.fill("#words", "hello")
        assert await page.inner_text("#restart") == "New round"
        await press(page, "#say button")
        await wait_until_async(lambda: said == ["Host: hello"], "only the word")


async def test_what_concerns_one_person_takes_two_clicks() -> None:
    """Lower a hand, network, rename, and kick, which waits until it can no longer be undone."""
    async with (
        a_board() as server,
        plain_client(server, hello="Ada"),
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        await enrol(server, ["Ada"], ["help"])
        await shows(page, "document.querySelector('#people tbody .state.stuck')")
        await press(page, ROW, "#lower")
        await shows(page, "!document.querySelector('#people tbody .state.stuck')")
        await press(page, ROW, "[data-link=one] button >> text='250 ms'")
        await wait_until_async(lambda: server.players[0].link.latency == 0.25, "lag for Ada")
        assert server.link.perfect
        await page.click(ROW)
        await page.fill("#new-name", "Zoe")
        await press(page, "#rename button")
        await wait_until_async(lambda: server.players[0].name == "Zoe", "the new name")
        await press(page, "#people tbody button >> text=Zoe", "#kick")
        await press(page, "#held button")
        await shows(page, "document.querySelector('#answer').textContent === 'Undone: Kick Zoe.'")
        await press(page, "#kick")
        assert [peer.name for peer in server.players] == ["Zoe"]
        await wait_until_async(lambda: not server.players, "the kick")


async def test_an_attendee_is_renamed() -> None:
    """Whoever is in the class and not in the game gets another nickname; whoever is in both, in both."""
    async with (
        a_board() as server,
        plain_client(server, hello="Ben"),
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        await enrol(server, ["Ada", "Ben"])
        for before, after in [("Ada", "Zoe"), ("Ben", "Kim")]:
            await page.click(f"#people tbody button >> text={before}", timeout=SOON)
            await page.fill("#new-name", after)
            await press(page, "#rename button")
            await page.wait_for_selector(f"#people tbody button >> text={after}", timeout=SOON)
        assert [peer.name for peer in server.players] == ["Kim"]
        assert await page.locator("#people tbody tr").count() == 2


async def test_forgetting_can_be_undone() -> None:
    """An attendee who is to be forgotten stays in the class until the time to undo it is over."""
    async with a_board() as server, chromium() as browser, a_desk(browser, server) as page:
        await enrol(server, ["Ada"])
        await press(page, ROW, "#forget")
        await press(page, "#held button")
        await shows(page, "document.querySelector('#answer').textContent === 'Undone: Forget Ada.'")
        await enrol(server, ["Ben"])
        await shows(page, "document.querySelectorAll('#people tbody tr').length === 2")
        await press(page, "#people tbody button >> text=Ada", "#forget")
        await shows(page, "document.querySelector('#people tbody').innerText.startsWith('Ben')")


async def test_what_was_undone_never_happens() -> None:
    """Kick and forget wait for ten seconds; after an undo nothing comes, without it the order does."""
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Ada"),
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        await enrol(server, ["Ada"])
        await page.wait_for_selector(ROW, timeout=SOON)
        await page.clock.install()
        for order in ("#kick", "#forget"):
            await page.click(ROW)
            await press(page, order, "#held button")
        for _jump in range(2):  # at once, it would be longer than the page bears a silent room
            await page.clock.fast_forward(UNDO_MS // 2 + 500)
            await pressed_pause(page, server)
        async with plain_client(server, hello="Eve") as eve:
            ada = (await eve.ask(type="watch"))["body"]["rows"][0]
        assert (ada["name"], ada["member"]) == ("Ada", True) and ada["id"]
        await press(page, "#people tbody button >> text=Ada", "#kick")
        await page.clock.fast_forward(UNDO_MS - 2_000)
        await pressed_pause(page, server)
        assert "Ada" in [peer.name for peer in server.players]
        await page.clock.fast_forward(3_000)
        await wait_until_async(lambda: all(peer.name != "Ada" for peer in server.players), "the kick")


async def pressed_pause(page: Page, server: netlib.Server) -> None:
    """Press it, and wait: what was sent before has arrived then."""
    wanted = not server.paused
    await press(page, "#pause")
    await wait_until_async(lambda: server.paused is wanted, "the pause, or its end")
    await shows(page, f"document.querySelector('#pause').textContent === '{'Go on' if wanted else 'Pause'}'")


async def test_the_chosen_person_is_marked() -> None:
    """The row of the person whose panel is open is marked for eyes and for screen readers; no other is."""
    async with a_board() as server, chromium() as browser, a_desk(browser, server) as page:
        await enrol(server, ["Ada", "Ben"])
        await page.click("#people tbody button >> text=Ben", timeout=SOON)
        assert await page.evaluate(MARKED) == [["Ben"], ["Ben"]]
        await page.click("#people tbody button >> text=Ada")
        assert await page.evaluate(MARKED) == [["Ada"], ["Ada"]]
        await page.keyboard.press("Escape")
        assert await page.evaluate(MARKED) == [[], []]


async def test_the_number_of_people_takes_two_clicks() -> None:
    """The host says that all are here, and the board's joining is a strip; bots do not count."""
    strip = "document.body.dataset.joining === 'no'"
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Ada"),
        netlib.connect(url(server), name="Elm", messages=[PlayingAs]) as elm,
        chromium() as browser,
        a_page(browser, http(server), **DESKTOP) as board,
        a_desk(browser, server) as page,
    ):
        await elm.request(PlayingAs("bot"))
        await shows(page, "document.querySelector('#summary').textContent.startsWith('1 here')")
        assert not await board.evaluate(strip)
        await press(page, "#all-here")
        await shows(page, "document.querySelector('#answer').textContent === 'The board expects 1 person.'")
        await shows(board, strip)


async def test_a_swapped_laptop_takes_its_old_place() -> None:
    """A laptop that wants a taken place waits until the host has pressed Agree; a badge has the number."""
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva,
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        assert not (await eva.request(ClassJoin("Ada", OLD))).waiting
        assert (await eva.request(ClassJoin("ada", NEW))).waiting
        await page.wait_for_selector("#claims", timeout=SOON)
        assert await page.inner_text("#claims-number") == "1"
        await press(page, "#claims button")
        await page.wait_for_selector("#claims", state="hidden", timeout=SOON)
        assert not (await eva.request(ClassJoin("ada", NEW))).waiting
        assert (await eva.request(ClassJoin("Ada", OLD))).waiting


async def test_the_keyboard_reaches_a_person() -> None:
    """A row is a button that keeps the focus while tables come; Enter goes to its panel, and Esc back."""
    async with (
        a_board() as server,
        plain_client(server, hello="Ada"),
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        await page.focus(ROW)
        await enrol(server, ["Ben"], ["help"])  # his row comes before hers
        await shows(page, "document.querySelector('#people tbody td')?.textContent === 'Ben'")
        assert await page.evaluate("document.activeElement.textContent") == "Ada"
        await page.keyboard.press("Enter")
        await shows(page, "document.querySelector('#one-name').textContent === 'Ada'")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.querySelector('#one').contains(document.activeElement)")
        await page.keyboard.press("Escape")
        assert await page.is_hidden("#one")
        assert await page.evaluate("document.activeElement.textContent") == "Ada"


async def test_two_desks_press_the_same() -> None:
    """Both agree, and the second is told in a sentence; both pause, and time stands still."""
    async with (
        a_board() as server,
        netlib.connect(url(server), name="Eva", spectator=True, messages=[ClassPlace]) as eva,
        chromium() as browser,
        a_desk(browser, server) as one,
        a_desk(browser, server) as other,
    ):
        await eva.request(ClassJoin("Ada", OLD))
        await eva.request(ClassJoin("ada", NEW))
        for page in (one, other):
            await page.wait_for_selector("#claims button", timeout=SOON)
        await one.evaluate("document.querySelector('#claims button').click()")
        await other.evaluate("document.querySelector('#claims button').click()")
        await shows(other, "document.querySelector('#answer').className === 'problem'")
        words = await other.inner_text("#answer")
        assert words[0].isupper() and words.endswith(".")
        for page in (one, other):
            await page.evaluate("document.querySelector('#pause').click()")
        await wait_until_async(lambda: server.paused, "the pause")


async def test_a_desk_outlives_its_room() -> None:
    """A room with another class at the same address: what was to happen to somebody is not done, and said."""
    async with chromium() as browser, contextlib.AsyncExitStack() as rest:
        async with a_board() as first:
            port = first.port
            await enrol(first, ["Ada"])
            page = await rest.enter_async_context(a_desk(browser, first))
            await press(page, ROW, "#forget")
        await shows(page, "document.querySelector('#answer').textContent.includes('Forget Ada')")
        async with a_board(a_server(port=port)) as second:
            await log_in(page)  # the key was the other class's
            await enrol(second, ["Ada", "Ben"])
            await shows(page, "document.querySelectorAll('#people tbody tr').length === 2")
            assert await page.locator("#held li").count() == 0 and await page.is_hidden("#one")
            await press(page, "#pause")
            await wait_until_async(lambda: second.paused, "the host of the new room")
            await rest.aclose()


async def test_what_is_pressed_while_the_room_is_gone() -> None:
    """It is not done in the next room, where another player has that number."""
    async with chromium() as browser, contextlib.AsyncExitStack() as rest:
        async with a_board() as first:
            ada = await rest.enter_async_context(plain_client(first, hello="Ada"))
            port, number = first.port, ada.welcome["player_id"]
            page = await rest.enter_async_context(a_desk(browser, first))
            await press(page, ROW)
            await page.evaluate(KICKS_ON_EACH_TRY)
        next_room, ben_is_here = a_server(port=port), asyncio.Event()

        @next_room.on_admit
        async def ben_first(visitor: Visitor) -> None:
            if visitor.name != "Ben":
                await ben_is_here.wait()

        async with a_board(next_room) as second, plain_client(second, hello="Ben") as ben:
            ben_is_here.set()
            assert ben.welcome["player_id"] == number
            await shows(page, "/another.*Kick Ada/.test(document.querySelector('#answer').textContent)")
            assert await page.locator("#held li").count() == 0
            await rest.aclose()


async def test_a_player_with_the_name_of_an_attendee() -> None:
    """Attendee Ada plays as Bob, and somebody else as Ada: two rows, and an order concerns the one chosen."""
    async with (
        a_board() as server,
        plain_client(server, hello="Bob") as bob,
        plain_client(server, hello="Ada") as ada,
        chromium() as browser,
        a_desk(browser, server) as page,
    ):
        await bob.ask(type="class_join", nickname="Ada", token=NEW)
        await bob.send(type="class_plays", nickname="Ada", token=NEW)
        await shows(page, "document.querySelectorAll('#people tbody tr').length === 2")
        await press(page, f"{ROW}:text-is('Ada')")
        await enrol(server, ["Zoe"])
        await shows(page, "document.querySelectorAll('#people tbody tr').length === 3")
        await press(page, "[data-link=one] button:text-is('250 ms')")
        links = {peer.id: peer for peer in server.players}
        await wait_until_async(lambda: any(not peer.link.perfect for peer in links.values()), "a worse link")
        assert links[bob.welcome["player_id"]].link.perfect
        assert not links[ada.welcome["player_id"]].link.perfect


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["laptop", "phone"])
async def test_nothing_lies_over_anything(size: dict[str, Any]) -> None:
    """Each control can be pressed while a person's panel is open, and the page is not too wide."""
    async with a_board() as server, chromium() as browser, a_desk(browser, server, **size) as page:
        await enrol(server, ["Ada", "Ben"], ["help"])
        await page.click(ROW, timeout=SOON)
        for part in (ROW, "#pause", "#words", "#minutes button", "#step", "#forget", "[data-bots='5']"):
            assert await page.evaluate(UNCOVERED, part), part
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("colours", ["dark", "light"])
async def test_nobody_is_shut_out(colours: str) -> None:
    """axe-core finds nothing on the desk: before the password, and with a person's panel open."""
    options = {**DESKTOP, "color_scheme": colours}
    async with a_board() as server, chromium() as browser:
        await enrol(server, ["Ada", "Ben"], ["help"])
        async with a_page(browser, http(server, "/desk"), **options) as page:
            assert not await barriers(page)
            await log_in(page)
            await press(page, ROW, "#forget")
            assert not await barriers(page)
