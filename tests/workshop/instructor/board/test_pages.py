"""The board's pages: what they are, what they forbid, and what they refuse."""

import json
import re

import pytest

from tests.support.board import SEED, a_board
from tests.support.rooms import LOOPBACK, request
from workshop.game.rules.maps import make_map
from workshop.instructor.board.guides import guide_pages, render
from workshop.instructor.board.pages import STATIC, static_files
from workshop.steps import all_steps

ANOTHER_SITE = re.compile(r"//(?!www\.w3\.org/|\$|\s)[a-z]+\.[a-z]")
PATHS = ["/", "/desk", "/play", "/board/board.js", "/board/desk.js", "/board/style.css"]
PATHS += ["/guides/", "/guides", "/guides/step06_authority", "/guides/take_home"]


def get(path: str, method: str = "GET") -> str:
    """Return a plain HTTP request."""
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("path", PATHS)
async def test_pages_forbid_foreign_scripts(path: str) -> None:
    """Each page says that only files of this server may be scripts or styles, and nobody may frame it."""
    async with a_board() as server:
        answer = (await request(server.port, get(path))).decode()
    head, _, body = answer.partition("\r\n\r\n")
    policy = next(line for line in head.splitlines() if line.startswith("Content-Security-Policy: "))
    assert head.startswith("HTTP/1.1 200 ") and body
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy and "unsafe" not in policy
    assert "nosniff" in head


@pytest.mark.parametrize("file", static_files())
def test_files_need_nothing_else(file: str) -> None:
    """No file of the board names another site, has a script inside, or makes markup of a text."""
    text = (STATIC / file).read_text(encoding="utf-8")
    assert not ANOTHER_SITE.search(text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"<script(?![^>]*src=)|<style| style=|\son\w+=", text)


@pytest.mark.parametrize(
    "path",
    ["/../pyproject.toml", "/board/../../cli.py", "/board/%2e%2e/pages.py", "/board/", "/guides/../cli.py"],
)
async def test_no_way_out(path: str) -> None:
    """Only pages that are named exactly are there: no path leads to another file."""
    async with a_board() as server:
        assert (await request(server.port, get(path))).startswith(b"HTTP/1.1 404 ")


async def test_what_is_no_get() -> None:
    """A POST is refused; a query of any length that still is a request gets the page, and more an error."""
    async with a_board() as server:
        assert (await request(server.port, get("/", "POST"))).startswith(b"HTTP/1.1 405 ")
        assert (await request(server.port, get("/?" + "q" * 4000))).startswith(b"HTTP/1.1 200 ")
        assert not (await request(server.port, get("/?" + "q" * 100_000))).startswith(b"HTTP/1.1 200 ")


async def test_how_to_join() -> None:
    """The board tells each system's commands, and where a phone plays; that is in the QR code, too."""
    async with a_board() as server:
        about = json.loads((await request(server.port, get("/room.json"))).partition(b"\r\n\r\n")[2])
        picture = (await request(server.port, get("/qr.svg"))).partition(b"\r\n\r\n")[2]
    place = f"{LOOPBACK}:{server.port}"
    for system, python in (("Windows", "py"), ("macOS", "python3"), ("Linux", "python3")):
        assert about["commands"][system] == [
            f"{python} -m workshop class join --host {place}",
            f"{python} -m workshop join {place}",
        ]
    assert about["shown"] == place
    assert about["play"] == f"http://{LOOPBACK}:{server.port}/play"
    assert picture.startswith(b"<svg ")


async def test_the_map() -> None:
    """A page can draw the map: every obstacle is in it."""
    async with a_board() as server:
        told = json.loads((await request(server.port, get("/map.json"))).partition(b"\r\n\r\n")[2])
    map = make_map(SEED)
    assert (told["width"], told["height"]) == (map.width, map.height)
    assert len(told["obstacles"]) == len(map.obstacles)
    assert told["obstacles"][0].keys() == {"kind", "left", "top", "right", "bottom"}


def test_every_guide_has_a_page() -> None:
    """Each step's guide is a page with its title, its tasks, and the way to its neighbours."""
    pages = guide_pages()
    for step in all_steps():
        text = pages[f"/guides/{step.id}"]().body.decode()
        assert f"<title>{step.number} {step.title}</title>" in text
        assert "<h2>" in text and 'href="/guides/"' in text


def test_the_way_leads_home() -> None:
    """The guide to one's own game comes after the last step, and is in the list; its files have names."""
    pages = {path: make().body.decode() for path, make in guide_pages().items()}
    leading = [path for path, text in pages.items() if 'href="/guides/take_home"' in text]
    assert leading == [f"/guides/{all_steps()[-1].id}", "/guides/", "/guides"]
    assert "<figcaption>/etc/nginx/conf.d/my_game.conf</figcaption>" in pages["/guides/take_home"]


def test_guides_are_text_and_commands_are_typed() -> None:
    """Quoted code is escaped and has its file's name above it; commands are those that one types."""
    step = next(step for step in all_steps() if step.id == "step06_authority")
    page = render(step)
    assert "<figcaption>starter/step06_authority/client.py</figcaption>" in page
    assert re.search(r"\S -?m? ?workshop check 6", page)
    assert "&quot;players&quot;" in page


async def test_a_room_that_can_be_found_needs_no_address() -> None:
    """Where the room announces itself, the commands are short."""
    async with a_board(discoverable=True, discovery_ports=[0]) as server:
        about = json.loads((await request(server.port, get("/room.json"))).partition(b"\r\n\r\n")[2])
    assert about["commands"]["Windows"] == ["py -m workshop class join", "py -m workshop join"]


async def test_the_board_has_no_control() -> None:
    """The page for the projector has nothing to press but the door of a room with a password."""
    text = (STATIC / "board.html").read_text(encoding="utf-8").partition("<dialog")[0]
    assert not re.search(r"<(button|input|select|a|form)\b", text)
