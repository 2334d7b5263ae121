"""The guides in Chromium, as an attendee reads them who prefers a browser."""

import pytest

from tests.support.axe import barriers
from tests.support.board import a_board, http
from tests.support.browser import DESKTOP, PHONE, a_page
from tests.support.chromium import chromium
from workshop.steps import all_steps

pytestmark = pytest.mark.slow  # a browser is
GUIDES = ["/guides/", "/guides/take_home", *(f"/guides/{step.id}" for step in all_steps())]


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["laptop", "phone"])
async def test_nobody_is_shut_out(size: dict[str, object], colours: str) -> None:
    """axe-core finds nothing on any guide, nor on the page that lists them; none is wider than the screen."""
    found: dict[str, object] = {}
    async with (
        a_board() as server,
        chromium() as browser,
        a_page(browser, http(server, "/guides/"), **size, color_scheme=colours) as page,
    ):
        for path in GUIDES:
            await page.goto(http(server, path))
            wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
            found[path] = [*await barriers(page), *["it is too wide"] * wide]
    assert found == {path: [] for path in GUIDES}
