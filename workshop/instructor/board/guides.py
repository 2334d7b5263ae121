"""The steps' guides, and what comes after them, as web pages, for attendees who prefer a browser."""

import html as markup
from collections.abc import Sequence
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from netlib.server.http import Page
from workshop import steps
from workshop.course.guide import as_typed
from workshop.instructor.board.pages import Make, html
from workshop.steps import Step

TAKE_HOME = "/guides/take_home"
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>{title}</title>
<link rel="icon" href="/board/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/board/style.css">
<link rel="stylesheet" href="/board/guide.css">
</head>
<body>
<nav aria-label="Steps">{links}</nav>
<main>
{body}
</main>
<nav aria-label="Steps, below the guide">{links}</nav>
</body>
</html>
"""


def guide_pages() -> dict[str, Make]:
    """A page with all steps, one for each, and one for the time after them, by path."""
    pages: dict[str, Make] = {
        _path(step): partial(lambda step: html(render(step)), step) for step in steps.all_steps()
    }
    return pages | {"/guides/": _contents, "/guides": _contents, TAKE_HOME: lambda: html(render_take_home())}


def render(step: Step) -> str:
    """The guide of a step as a whole HTML page."""
    everything = steps.all_steps()
    at = everything.index(step)
    around = [("all steps", "/guides/")]
    around += [(f"← {one.number} {one.title}", _path(one)) for one in everything[max(0, at - 1) : at]]
    behind = [(f"{one.number} {one.title} →", _path(one)) for one in everything[at + 1 : at + 2]]
    around += behind or [("Take it home →", TAKE_HOME)]
    text = step.guide.read_text(encoding="utf-8")
    return _page(f"{step.number} {step.title}", _markdown(text), around)


def render_take_home() -> str:
    """The guide to a game of one's own as a whole HTML page."""
    text = (steps.GUIDES / "TAKE_HOME.md").read_text(encoding="utf-8")
    return _page("Take it home", _markdown(text), [("all steps", "/guides/")])


def _contents() -> Page:
    lines = ["# The steps", ""]
    lines += [
        f"{int(step.number)}. [{step.title}]({_path(step)}): {step.teaches} ({step.minutes} minutes)"
        for step in steps.all_steps()
    ]
    lines += [
        "",
        f"[Take it home]({TAKE_HOME}): from Gem Rush to a game of your own, and to a room on the internet",
    ]
    return html(_page("The steps", _markdown("\n".join(lines)), [("the board", "/")]))


def _markdown(text: str) -> str:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("fence", _code)
    return str(reader.render(as_typed(text)))


def _code(_: object, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """A block of code, with the name of the file that it quotes above it."""
    language, _, file = tokens[index].info.strip().partition(" ")
    caption = f"<figcaption>{markup.escape(file)}</figcaption>" if file else ""
    code = f'<code class="{markup.escape(language)}">{markup.escape(tokens[index].content)}</code>'
    return f'<figure>{caption}<pre tabindex="0">{code}</pre></figure>\n'


def _page(title: str, body: str, links: list[tuple[str, str]]) -> str:
    anchors = (f'<a href="{markup.escape(path)}">{markup.escape(words)}</a>' for words, path in links)
    return PAGE.format(title=markup.escape(title), body=body, links=" ".join(anchors))


def _path(step: Step) -> str:
    return f"/guides/{step.id}"
