"""The pages in a real Chromium, beside a running game."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import msgspec
import pytest

import netlib
from netlib.client import reconnect
from netlib.session import sessions
from tests.support.board import SEED, a_board, a_server, enrol, http
from tests.support.browser import DESKTOP, PHONE, a_page, shows
from tests.support.chromium import chromium
from tests.support.processes import wait_until_async
from tests.support.rooms import plain_client, url
from workshop.game.play.bot_client import Troop
from workshop.game.rules import movement, units
from workshop.game.rules.entities import Player
from workshop.game.rules.maps import make_map
from workshop.game.rules.messages import Move
from workshop.instructor.board.facts import map_as_json

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.slow  # a browser is
LOSSY = netlib.LinkConditions(0.06, 0.02, 0.02)
XSS = "<img/src/onerror=a()>"[:20]
TABS = 200
SOON = 20_000  # milliseconds; a deadline
SMOOTH = 0.4  # of the frames that this machine draws just now of a page on which nothing moves
TRIES = 6
PICTURE = "() => document.querySelector('#map canvas').toDataURL()"
FRAMES = """() => new Promise((resolve) => {
  let frames = 0;
  const began = performance.now();
  const next = () => {
    frames += 1;
    if (performance.now() - began > 1500) resolve(frames / 1.5);
    else requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})"""
WALK = """async ([map, start, moves]) => {
  const { step } = await import("/board/world/movement.js");
  let place = start;
  return moves.map((move) => ((place = step(place, move, map)), [place.x, place.y]));
}"""


# A thumb on the stick turns about, another holds the button. Playwright has only one finger.
DRIVE = """() => {
  const touch = (node, type, clientX, clientY) =>
    node.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX, clientY, bubbles: true }));
  const [stick, take] = ["#stick", "#take"].map((name) => document.querySelector(name));
  for (const node of [stick, take]) {
    node.setPointerCapture = () => {};
    node.hasPointerCapture = () => true;
  }
  const { left, top, width } = stick.getBoundingClientRect();
  const [x, y, radius] = [left + width / 2, top + width / 2, width / 2];
  touch(take, "pointerdown", 0, 0);
  touch(stick, "pointerdown", x, y);
  let turns = 0;
  setInterval(() => {
    const angle = Math.floor((turns += 0.5)) * 2.4;
    touch(stick, "pointermove", x + Math.cos(angle) * radius, y + Math.sin(angle) * radius);
  }, 300);
}"""


@contextlib.asynccontextmanager
async def a_phone() -> AsyncIterator[tuple[netlib.Server, Page]]:
    """Give a room, and a phone on which Zoe has joined it."""
    async with (
        a_board() as server,
        chromium() as browser,
        a_page(browser, http(server, "/play"), **PHONE) as page,
    ):
        await page.fill("#name", "Zoe")
        await page.click("#enter button")
        await page.wait_for_selector("#stick", timeout=SOON)
        await wait_until_async(lambda: len(server.players) == 1, "the player")
        yield server, page


async def share_of_frames(page: Page, still: Page) -> float:
    """How many frames a page draws for each of a page on which nothing moves; the best of some tries."""
    shares = list[float]()
    for _ in range(TRIES):
        await still.bring_to_front()
        most = await still.evaluate(FRAMES)
        await page.bring_to_front()
        shares.append(await page.evaluate(FRAMES) / most)
        if shares[-1] > SMOOTH:
            break
    return max(shares)


async def test_the_board_beside_ten_bots() -> None:
    """The map moves, smoothly; the bots are counted, the best are named, and what is simulated is told."""
    async with a_board(link=LOSSY) as server, chromium() as browser:
        bots = asyncio.create_task(Troop(url(server), 10).play())
        async with (
            a_page(browser, http(server, "/guides/"), **DESKTOP) as still,
            a_page(browser, http(server), **DESKTOP) as page,
        ):
            await shows(page, "document.querySelector('#people-title').textContent === '10 bots'")
            await shows(page, "document.querySelectorAll('#scores li').length === 3")
            assert "Lag 60 ± 20 ms, 2 % for everyone" in await page.inner_text("#banner")
            assert await page.locator("#tiles li").count() == 0
            before = await page.evaluate(PICTURE)
            await shows(page, f"({PICTURE})() !== {before!r}")
            assert await share_of_frames(page, still) > SMOOTH
        bots.cancel()
        await asyncio.gather(bots, return_exceptions=True)


async def test_what_people_type_stays_text() -> None:
    """Markup in names, in the class and in what somebody is stuck with is shown as it was typed."""
    async with a_board() as server, netlib.connect(url(server), name=XSS), chromium() as browser:
        await enrol(server, ["<b>Bea</b>"])
        async with a_page(browser, http(server), **DESKTOP) as page:
            await shows(page, "document.querySelectorAll('#tiles li').length === 2")
            await page.wait_for_selector("#scores li", timeout=SOON)
            shown = await page.inner_text("body")
            assert XSS in shown and "<b>Bea</b>" in shown
            assert await page.locator("#people b b, #people img, #scores img").count() == 0


async def test_the_board_comes_back() -> None:
    """When the server is started anew, the board says that it is away, and is back by itself."""
    async with chromium() as browser:
        async with a_board() as first:
            port = first.port
            context = await browser.new_context(**DESKTOP)
            page = await context.new_page()
            await page.goto(http(first))
            await shows(page, "document.querySelector('#trouble').hidden")
        await page.wait_for_selector("#trouble", timeout=SOON)
        async with a_board(a_server(port=port)) as second, plain_client(second, hello="Newcomer"):
            await page.wait_for_selector("#trouble", state="hidden", timeout=SOON)
            await page.wait_for_selector("#scores li >> text=Newcomer", timeout=SOON)
        await context.close()


async def test_a_phone_plays_and_scores() -> None:
    """With a thumb on the stick the player runs; with the other on the button it takes what is in reach."""
    async with a_phone() as (_, page):
        await page.evaluate(DRIVE)
        await shows(page, "Number(document.querySelector('#score').textContent) > 0")


async def test_a_phone_that_slept_is_the_same_player() -> None:
    """A page whose connection was lost comes back as the same player."""
    async with a_phone() as (server, _):
        peer = server.players[0]
        caller = peer._seat.carrier
        assert caller is not None
        caller.connection.abort()
        await wait_until_async(lambda: server.metrics.resumed == 1, "the return")
        assert [player.id for player in server.players] == [peer.id]


@pytest.mark.parametrize("step_units", [units.STEP_UNITS, 256])
async def test_prediction_is_the_rule_to_the_bit(step_units: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk of 3,000 random steps ends at the same places in the page's rule and in ours, at any speed."""
    for module in (units, movement):
        monkeypatch.setattr(module, "STEP_UNITS", step_units)
    rng = random.Random(7)
    moves = [(rng.randint(-128, 128) / 128, rng.randint(-128, 128) / 128) for _ in range(60)]
    moves = [move for move in moves for _ in range(50)]
    map = make_map(SEED)
    x, y = map.spawns[0]
    player, expected = Player("Ada", 0, x, y), []
    for move in moves:
        player = movement.step(player, Move(move=move), map)
        expected.append([player.x, player.y])
    told = msgspec.to_builtins(map_as_json(map))
    async with a_board() as server, chromium() as browser, a_page(browser, http(server, "/play")) as page:
        assert await page.evaluate(WALK, [told, {"x": x, "y": y}, moves]) == expected


async def test_a_page_follows_the_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    """With other constants in Python, a page takes from afar, and comes back after any close, much later."""
    monkeypatch.setattr(units, "REACH", 1_000_000)
    monkeypatch.setattr(sessions, "FINAL", ())
    monkeypatch.setattr(reconnect, "FIRST_PAUSE", 60.0)
    monkeypatch.setattr(reconnect, "LONGEST_PAUSE", 60.0)
    async with a_phone() as (server, page):
        await page.wait_for_selector("#take.near", timeout=SOON)
        server.players[0].kick()
        await page.wait_for_selector("#trouble", timeout=SOON)
        words = await page.inner_text("#trouble")
        assert re.search(r"Trying again in [3-6]\d\.\d s", words), words


async def test_many_tabs_hurt_nobody() -> None:
    """Two hundred boards at once: those beyond the seats for spectators are told so, and players play on."""
    async with a_board() as server, netlib.connect(url(server), name="Ada") as ada:
        refused = TABS - server.limits.max_spectators
        async with asyncio.TaskGroup() as group:
            asks = [group.create_task(_spectate(server, number, refused)) for number in range(TABS)]
        answers = [ask.result() for ask in asks]
        assert answers.count("welcome") == server.limits.max_spectators
        assert answers.count("refused") == refused
        assert ada.connected and [peer.name for peer in server.players] == ["Ada"]


async def _spectate(server: netlib.Server, number: int, refused: int) -> str:
    async with plain_client(server, hello=None) as client:
        kind = str((await client.hello(f"Board {number}", spectator=True))["type"])
        await wait_until_async(lambda: server.metrics.refused["full"] == refused, "everybody has asked")
        client.kill()
        return kind
