"""Slides as markup: Markdown without raw HTML, with the pictures inside. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from workshop.slides.deck import Deck, DeckError, Slide
from workshop.slides.highlight import highlight

Pictures = Mapping[str, Callable[[str], str]]  # by path in `slides/`: from a description to markup

COMMAND = re.compile(r"workshop(?= )")  # what each system types for it:
TYPED, ON_WINDOWS = "python3 -m workshop", "py -m workshop"
STACK = Template('<section data-deck="$name">\n$slides\n</section>\n')
SLIDE = Template("""\
<section id="$id">
<div class="slide $kind">
$kicker<h$level>$heading</h$level>
<div class="body">
$body</div>
<footer>$footer</footer>
</div>
<aside class="notes">
$notes</aside>
</section>""")
CODE = Template("""\
<div class="code">$file<pre style="--columns: $columns; --lines: $lines"><code>$code</code></pre></div>
""")


def deck_html(deck: Deck, pictures: Pictures) -> str:
    """A deck as a column of slides.

    Raises:
        DeckError: it shows a picture that does not exist.
    """
    slides = (_slide(deck, slide, place, pictures) for place, slide in enumerate(deck.slides, 1))
    return STACK.substitute(name=deck.name, slides="\n".join(slides))


def _slide(deck: Deck, slide: Slide, place: int, pictures: Pictures) -> str:
    number = deck.name[4:6] if deck.name.startswith("step") else ""  # none for a deck without a step
    title = escape(deck.title)
    commands: list[str] = []
    try:
        body = as_html(slide.text, pictures, commands) + _on_windows(commands)
    except KeyError as error:
        raise DeckError(f"{deck.file}:{slide.line}: there is no picture slides/{error.args[0]}.") from None
    return SLIDE.substitute(
        id=deck.name if place == 1 else f"{deck.name}-{place}",
        kind=_kind(slide, place),
        kicker=f'<p class="kicker">Step {number}: {title}</p>\n' if number and place == 1 else "",
        level=min(slide.level, 2),
        heading=MARKDOWN.renderInline(slide.heading),
        body=body,
        footer=f"{number} {title}" if number else "",
        notes=as_html(slide.notes, {}),
    )


def _kind(slide: Slide, place: int) -> str:
    """The kind of slide, for the theme: little text gets large type."""
    words = ["opening"] if place == 1 else []
    if not slide.text.strip():
        words.append("bare")
    if "![" in slide.text:
        words.append("pictured")
    return " ".join(words)


def _on_windows(commands: Sequence[str]) -> str:
    """The commands of a slide, as they are typed on Windows."""
    typed = (f"<code>{escape(COMMAND.sub(ON_WINDOWS, it, count=1))}</code>" for it in dict.fromkeys(commands))
    return f'<p class="windows">Windows: {" ".join(typed)}</p>\n' if commands else ""


def as_html(text: str, pictures: Pictures, commands: list[str] | None = None) -> str:
    """Markdown as markup.

    Args:
        text: the Markdown.
        pictures: those that it may show.
        commands: gets the commands in it, which are then shown as everybody but Windows types them.

    Raises:
        KeyError: it shows a picture that is not among these; the key is its path.
    """
    env = {"pictures": pictures, "commands": commands}
    tokens = MARKDOWN.parse(text, env)
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.type == "inline" and _only_pictures(token):
            before.tag = after.tag = "figure"
    markup: str = MARKDOWN.renderer.render(tokens, MARKDOWN.options, env)
    return markup


def _only_pictures(token: Token) -> bool:
    kinds = {child.type for child in token.children or []}
    return "image" in kinds and kinds <= {"image", "softbreak"}


def _fence(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    language, _, file = tokens[place].info.strip().partition(" ")
    code = tokens[place].content.rstrip("\n")
    lines = code.splitlines()
    return CODE.substitute(
        file=f'<p class="file">{escape(file)}</p>' if file else "",
        columns=max(map(len, lines), default=1),
        lines=max(1, len(lines)),
        code=highlight(code, language),
    )


def _code_inline(_: object, tokens: Sequence[Token], place: int, __: object, env: Mapping[str, Any]) -> str:
    text = tokens[place].content
    if env.get("commands") is not None and COMMAND.match(text):
        env["commands"].append(text)
        text = COMMAND.sub(TYPED, text, count=1)
    return f"<code>{escape(text)}</code>"


def _image(_: object, tokens: Sequence[Token], place: int, __: object, env: Mapping[str, Any]) -> str:
    token = tokens[place]
    return str(env["pictures"][str(token.attrs["src"])](token.content))


def _link_open(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Link to another deck by its file, or to a page elsewhere, which opens in a window of its own."""
    token = tokens[place]
    target = str(token.attrs["href"])
    if target.endswith(".md") and "/" not in target:
        token.attrSet("href", f"#/{target.removesuffix('.md')}")
    elif "://" in target:
        token.attrSet("target", "_blank")
        token.attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, place, options, env))


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    rules = (("fence", _fence), ("code_inline", _code_inline), ("image", _image), ("link_open", _link_open))
    for name, rule in rules:
        markdown.add_render_rule(name, rule)
    return markdown


MARKDOWN = _markdown()
