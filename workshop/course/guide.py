"""A guide in the terminal: its commands as the attendee types them, in ASCII if the terminal has no more."""

import os
import re
import sys
import textwrap

import click
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme

from workshop.commands.table import COMMANDS
from workshop.course.markdown import INDENT, WIDEST, GuideText
from workshop.steps import Step
from workshop.terminal import console

STYLES = Theme({"markdown.code": "bold cyan", "markdown.h2": "bold", "markdown.block_quote": "bold"})
A_COMMAND = re.compile(rf"(?m)(^[ >]*|`)workshop(?=`|\s+(?:{'|'.join(COMMANDS)})\b)")
TITLE = re.compile(r"\A\s*# .*\n")
SECTION = re.compile(r"^(?=## )", re.MULTILINE)
AT_WORK = ("## See it work", "## Tasks")  # what the attendee needs while working at a step
ASCII = str.maketrans(
    "→←↑↓▶◀▼▲►◄" + "•·●○■▌█░" + "│┃║─━═" + "…–—‘’“”×✓✗⚠",
    "><^v><v^><" + "*.oo#|#." + "|||--=" + ".--''\"\"x+x!",
)
CORNERS = re.compile("[\u2500-\u257f]")  # the remaining box drawing characters


def text_of(step: Step) -> str:
    """A step's guide without its title, which `start` prints; its commands are as the attendee types them."""
    return as_typed(TITLE.sub("", step.guide.read_text(encoding="utf-8"), count=1))


def split(text: str) -> tuple[str, str]:
    """The part of a guide for the work (what to build, how to see it work, the tasks), and the rest."""
    what, *sections = SECTION.split(text)
    at_work = [section for begin in AT_WORK for section in sections if section.startswith(begin)]
    rest = [section for section in sections if section not in at_work]
    return what + "".join(at_work), what + "".join(rest)


def show(text: str) -> None:
    """Print the text of a guide, or a part of it."""
    show_text(GuideText(text))


def show_text(text: RenderableType, out: Console | None = None) -> None:
    """Print text that wraps between words, in lines that are not too long."""
    out = out or console.output()
    with out.use_theme(STYLES):
        out.print(Showable(text), width=min(out.width, WIDEST), soft_wrap=False, crop=False)


def can_page() -> bool:
    """Whether the attendee has a terminal that can show a text page by page."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def rendered(*parts: RenderableType) -> str:
    """The text that `show_text` would print."""
    out = console.output()
    with out.capture() as captured:
        for part in parts:
            show_text(part, out)
    return captured.get()


def page(text: str) -> None:
    """Show a text page by page, with the pager that PAGER names, or the system's own."""
    # Windows' `more` reads another code page than the one that Python writes.
    click.echo_via_pager(in_ascii(text) if sys.platform == "win32" else text)


def show_hint(text: str) -> None:
    """Print a hint, which is plain text with code in backticks, indented."""
    shown = Text("\n".join(as_typed(textwrap.dedent(text)).strip().splitlines()))
    shown.highlight_regex(r"`[^`]+`", "bold")
    show_text(Padding(shown, (0, 0, 0, INDENT)))


def as_typed(text: str) -> str:
    """Replace `workshop run 2` by what the attendee types for it, such as `py -m workshop run 2`."""
    return A_COMMAND.sub(lambda found: found[1] + console.typed_command(), text)


def in_ascii(text: str) -> str:
    """The text with ASCII in place of arrows, lines and typographic signs, equally wide; the rest stays."""
    return CORNERS.sub("+", text.translate(ASCII))


class Showable:
    """A renderable for rich, in ASCII if the terminal has no more."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, terminal: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it."""
        for segment in terminal.render(self._inner, options):
            if console.can_show(segment.text, terminal.file):
                yield segment
            else:
                yield Segment(in_ascii(segment.text), segment.style, segment.control)
