"""A page of ours in Chromium, whose errors fail the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Page

DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DEADLINE = 60.0  # seconds


@contextlib.asynccontextmanager
async def a_page(browser: Browser, address: str, **options: Any) -> AsyncIterator[Page]:
    """Give a page of its own; whatever goes wrong in its scripts, or breaks its policy, fails the test."""
    context = await browser.new_context(**options)
    page, wrong = await context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if is_serious(said) else None)
    await page.goto(address)
    yield page
    await context.close()
    assert not wrong, wrong


async def shows(page: Page, script: str) -> None:
    """Wait until a script is true. Playwright's own wait needs `eval`, which our pages' policy forbids."""
    async with asyncio.timeout(DEADLINE):
        while not await page.evaluate(script):
            await asyncio.sleep(0.05)


def is_serious(said: ConsoleMessage) -> bool:
    """Return whether a line of the console is an error of ours: that a server is away is none."""
    return said.type == "error" and "WebSocket connection" not in said.text
