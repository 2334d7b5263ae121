"""Real pages in a real browser: Debian's Chromium, driven by playwright. Nothing leaves this machine."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from tests.support.tools import cannot_run

if TYPE_CHECKING:
    from playwright.async_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (  # or it looks for its makers' servers at every start
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run a headless browser for the length of the block; skip the test without one, but in CI fail it."""
    try:
        from playwright.async_api import async_playwright
    except ImportError:
        cannot_run("needs playwright, of the extra dev")
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        cannot_run("needs Chromium")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=[*QUIET])
        try:
            yield browser
        finally:
            await browser.close()
