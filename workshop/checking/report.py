"""How a check's result is shown: what passed, then the first failure in full."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.markup import escape

from workshop import console
from workshop.checking.verdict import Failure, PartResult, Result

WIDEST = 100  # columns; longer lines are hard to read
SIGNS = {
    "passed": ("ok", "green", "ok"),
    "failed": ("error", "red", "not yet"),
    "not run": ("dot", "dim", "not run yet"),
}
LABEL = 15  # columns of "Likely cause" and what stands like it


class Report:
    """Prints parts as they come: the first failure in full, of others their title."""

    def __init__(self) -> None:
        self._failed = False

    def tell(self, part: PartResult) -> None:
        """Print one part."""
        sign, colour, words = SIGNS[part.state]
        out = console.output()
        also = "also " if part.state == "failed" and self._failed else ""
        head = f"{console.symbol(sign)} {also}{words}"
        title = textwrap.wrap(part.title, max(24, out.width - len(head) - 5)) or [""]
        out.print(f"  [bold {colour}]{head}[/]  {escape(title[0])}")
        for line in title[1:]:
            out.print(f"{'':<{len(head) + 4}}{escape(line)}")
        if part.failure and not self._failed:
            self._failed = True
            for line in explained(part.failure, out.width):
                out.print(f"      {line}", soft_wrap=True)

    def end(self, result: Result) -> None:
        """Print the sum."""
        passed = sum(part.state == "passed" for part in result.parts)
        console.say(f"{passed} of {len(result.parts)} in {result.seconds:.1f} s")


def show(result: Result) -> None:
    """Print a whole result."""
    report = Report()
    for part in result.parts:
        report.tell(part)
    report.end(result)


def explained(failure: Failure, width: int) -> Iterator[str]:
    """The lines of a diagnosis, with rich's markup, for a terminal of so many columns."""
    yield ""
    place = f"  ({failure.place})" if failure.place else ""
    yield from _labelled("Expected", failure.expected, width)
    yield from _labelled("Saw", failure.saw, width)
    yield from _labelled("Likely cause", failure.cause + place, width)
    if failure.place and failure.place.text:
        line = f"{failure.place.line} {_bar()} {failure.place.text}"
        yield " " * LABEL + f"[bold]{escape(_cut(line, width - LABEL - 8))}[/]"
    yield from _labelled("Try", failure.hint, width)
    yield from _trail(failure, width)
    if failure.output:
        yield ""
        yield "What your program printed, at the end:"
        lines = (_cut(line.replace(" | ", f" {_bar()} ", 1), width - 9) for line in failure.output)
        yield from (f"  [dim]{escape(line)}[/]" for line in lines)
    yield ""


def _labelled(label: str, text: str, width: int) -> Iterator[str]:
    room = max(24, min(width, WIDEST) - LABEL - 8)
    for number, line in enumerate(textwrap.wrap(text, room) or [""]):
        yield f"[bold]{label if number == 0 else '':<{LABEL}}[/]{escape(line)}"


def _cut(line: str, room: int) -> str:
    """As much of a line as there is room for: their own words are not broken into two."""
    end = "…" if console.can_show("…", console.output().file) else "..."
    room = max(24, room)
    return line if len(line) <= room else line[: room - len(end)] + end


def _trail(failure: Failure, width: int) -> Iterator[str]:
    """Their own traceback, short: only lines of theirs, the innermost last."""
    trouble = failure.trouble
    if trouble is None or trouble.kind not in ("crashed", "logged"):
        return
    yield ""
    yield escape(_cut(f"In your program: {trouble}", width - 7))
    for place in trouble.trail[-4:]:
        yield escape(_cut(f"  {place}  {place.text}", width - 7))


def _bar() -> str:
    return "│" if console.can_show("│", console.output().file) else "|"
