"""A guide in the terminal: its commands as the person types them, in ASCII where nothing else is possible."""

from __future__ import annotations

import re
import textwrap
from typing import ClassVar

from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import CodeBlock, Markdown, MarkdownElement
from rich.padding import Padding
from rich.segment import Segment
from rich.syntax import Syntax
from rich.text import Text
from rich.theme import Theme

from workshop import console
from workshop.cli import COMMANDS
from workshop.steps import Step

WIDEST = 88  # columns; longer lines are hard to read
INDENT = 2  # columns before a line of code, where there is room
STYLES = Theme({"markdown.code": "bold cyan", "markdown.h2": "bold", "markdown.block_quote": "bold"})
A_COMMAND = re.compile(rf"(?m)(^[ >]*|`)workshop(?=`|\s+(?:{'|'.join(COMMANDS)})\b)")
TITLE = re.compile(r"\A\s*# .*\n")
ASCII = str.maketrans(
    "→←↑↓▶◀▼▲►◄" + "•·●○■▌█░" + "│┃║─━═" + "…–—‘’“”×✓✗⚠",
    "><^v><v^><" + "*.oo#|#." + "|||--=" + ".--''\"\"x+x!",
)
CORNERS = re.compile("[\u2500-\u257f]")  # what is left of the box drawing characters


def show(step: Step) -> None:
    """Print a step's guide, but for its title, which `start` has printed."""
    text = TITLE.sub("", step.guide.read_text(encoding="utf-8"), count=1)
    show_text(GuideText(as_typed(text), hyperlinks=False))


def show_text(text: RenderableType) -> None:
    """Print something that wraps between words, in lines that are not too long."""
    out = console.output()
    with out.use_theme(STYLES):
        out.print(Showable(text), width=min(out.width, WIDEST), soft_wrap=False)


def show_hint(text: str) -> None:
    """Print a hint, which is plain text with code in backticks, indented."""
    shown = Text("\n".join(as_typed(textwrap.dedent(text)).strip().splitlines()))
    shown.highlight_regex(r"`[^`]+`", "bold")
    show_text(Padding(shown, (0, 0, 0, INDENT)))


def as_typed(text: str) -> str:
    """Replace `workshop run 2` by what the person types for it, such as `py -m workshop run 2`."""
    return A_COMMAND.sub(lambda found: found[1] + console.typed_command(), text)


def in_ascii(text: str) -> str:
    """Text of the same width with ASCII in place of arrows, lines and typographic signs; the rest stays."""
    return CORNERS.sub("+", text.translate(ASCII))


class Code(CodeBlock):
    """A block of code or a diagram, as wide as it is: nothing around it, so that it fits and can be copied.

    A block that quotes a file has the file's name above it.
    """

    def __init__(self, language: str, theme: str, file: str) -> None:
        super().__init__(language, theme)
        self._file = file

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> Code:
        """Take language and file from the line that opens the block."""
        language, _, file = token.info.partition(" ")
        return cls(language or "text", "ansi_dark", file.strip())

    def __rich_console__(self, terminal: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it; lines that are too long go on below, as they do in any terminal."""
        code = str(self.text).rstrip()
        widest = max(map(cell_len, code.splitlines()), default=0)
        # Only text is kept narrow.
        room = terminal.width if options.max_width == WIDEST else options.max_width
        indent = max(0, min(INDENT, room - widest))
        if self._file:
            yield Text(self._file, style="dim")
        for line in self._coloured(textwrap.indent(code, " " * indent)).split("\n", allow_blank=True):
            for piece in line.divide(range(room, len(line), room)):
                yield from terminal.render(piece, options.update(width=room))

    def _coloured(self, code: str) -> Text:
        text = Syntax(code, self.lexer_name, theme=self.theme, background_color="default").highlight(code)
        text.rstrip()
        return text


class GuideText(Markdown):
    """Markdown whose blocks of code can be copied."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": Code,
        "code_block": Code,
    }


class Showable:
    """Something for rich, in ASCII when the terminal has no more than that."""

    def __init__(self, inner: RenderableType) -> None:
        self._inner = inner

    def __rich_console__(self, terminal: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it."""
        for segment in terminal.render(self._inner, options):
            if console.can_show(segment.text, terminal.file):
                yield segment
            else:
                yield Segment(in_ascii(segment.text), segment.style, segment.control)
