"""axe-core over a page: what people with a screen reader, or weak eyes, could not use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.tools import cannot_run
from workshop.paths import ROOT

if TYPE_CHECKING:
    from playwright.async_api import Page

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`))"""


async def barriers(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it is now."""
    if not AXE.is_file():
        cannot_run("needs axe-core: npm install")
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(RUN)
    return found
