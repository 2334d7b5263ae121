"""Markdown for a terminal, in which code can be copied and addresses can be opened."""

from __future__ import annotations

import re
import textwrap
from typing import ClassVar

from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, ListItem, Markdown, MarkdownElement, Paragraph
from rich.segment import Segment
from rich.syntax import Syntax
from rich.text import Text

WIDEST = 88  # columns; longer lines are hard to read
INDENT = 2  # columns before a line of code, if there is room


class Code(CodeBlock):
    """A block of code or a diagram, with nothing around it, so that it fits and can be copied.

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
        """Draw it; lines that are too long continue below, as in any terminal."""
        code = str(self.text).rstrip()
        widest = max(map(cell_len, code.splitlines()), default=0)
        # Only text is kept narrow, not code.
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


class Unbroken(Paragraph):
    """A paragraph in which a word that is longer than a line, such as an address, stays whole."""

    def __rich_console__(self, terminal: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it; the terminal itself wraps what is too long, and can still open it."""
        too_long = re.finditer(rf"\s*(\S{{{options.max_width + 1},}})\s*", self.text.plain)
        ends = [end for found in too_long for end in (found.start(), *found.span(1), found.end())]
        for piece in self.text.divide(ends):
            if piece.plain.strip():
                piece.overflow = "fold" if " " in piece.plain else "ignore"
                yield piece


class Item(ListItem):
    """An entry of a list, which does not cut a line that is too long."""

    def render_bullet(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw it after a bullet."""
        return self._beside(" • ", "markdown.item.bullet", console, options)

    def render_number(
        self, console: Console, options: ConsoleOptions, number: int, last_number: int
    ) -> RenderResult:
        """Draw it after its number."""
        sign = f"{number:>{len(str(last_number)) + 1}} "
        return self._beside(sign, "markdown.item.number", console, options)

    def _beside(self, sign: str, style: str, terminal: Console, options: ConsoleOptions) -> RenderResult:
        room = options.update(width=options.max_width - len(sign))
        lines = Segment.split_lines(terminal.render(self.elements, room))
        for number, line in enumerate(lines):
            yield Segment(" " * len(sign) if number else sign, terminal.get_style(style))
            yield from line
            yield Segment.line()


class GuideText(Markdown):
    """Markdown whose blocks of code can be copied, and whose addresses can be opened."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "paragraph_open": Unbroken,
        "list_item_open": Item,
        "fence": Code,
        "code_block": Code,
    }

    def __init__(self, text: str) -> None:
        super().__init__(text, hyperlinks=False)
