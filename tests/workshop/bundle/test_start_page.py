"""The page from which laptops without internet install the workshop, in Chromium."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.axe import barriers
from tests.support.browser import DESKTOP, PHONE, a_page
from tests.support.chromium import chromium
from tests.support.rooms import LOOPBACK
from workshop.bundle.pages import Download, all_guides, start_page
from workshop.bundle.serve import Server

pytestmark = pytest.mark.slow  # a browser is
OPEN = "document.querySelectorAll('details').forEach((part) => (part.open = true))"
DOWNLOADS = [
    Download("windows", "Windows", "gem-rush-windows.zip", 30_000_000, "3.11, 3.12", "Not for 3.13."),
    Download("linux-x86_64", "Linux", "gem-rush-linux-x86_64.zip", 40_000_000, "3.11"),
    Download("macos-intel", "Mac with Intel", lacks=["No packages for it."]),
]


@pytest.fixture
def bundle(tmp_path: Path) -> Iterator[str]:
    """Serve the pages of a bundle; give their address."""
    (tmp_path / "guides").mkdir()
    for name, content in [("index.html", start_page(DOWNLOADS, with_slides=True)), *all_guides()]:
        (tmp_path / name).write_bytes(content)
    with Server(tmp_path, 0, LOOPBACK) as server, contextlib.ExitStack() as rest:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        rest.callback(thread.join)
        rest.callback(server.shutdown)
        yield f"http://{LOOPBACK}:{server.server_port}"


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["laptop", "phone"])
async def test_nobody_is_shut_out(bundle: str, size: dict[str, object], colours: str) -> None:
    """axe-core finds nothing on the start page, with each laptop's part open, nor on a guide."""
    async with chromium() as browser:
        for path in ("/", "/guides/step06_authority.html"):
            async with a_page(browser, bundle + path, **size, color_scheme=colours) as page:
                await page.evaluate(
                    "document.querySelectorAll('details').forEach((part) => (part.open = true))"
                )
                assert not await barriers(page), path
