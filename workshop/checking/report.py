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
        out.print(f"  [bold {colour}]{console.symbol(sign)} {also}{words}[/]  {escape(part.title)}")
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
        yield " " * LABEL + f"[bold]{escape(f'{failure.place.line} {_bar()} {failure.place.text}')}[/]"
    yield from _labelled("Try", failure.hint, width)
    yield from _trail(failure)
    if failure.output:
        yield ""
        yield "What your program printed, at the end:"
        yield from (f"  [dim]{escape(line.replace(' | ', f' {_bar()} ', 1))}[/]" for line in failure.output)
    yield ""


def _labelled(label: str, text: str, width: int) -> Iterator[str]:
    room = max(24, min(width, WIDEST) - LABEL - 8)
    for number, line in enumerate(textwrap.wrap(text, room) or [""]):
        yield f"[bold]{label if number == 0 else '':<{LABEL}}[/]{escape(line)}"


def _trail(failure: Failure) -> Iterator[str]:
    """Their own traceback, short: only lines of theirs, the innermost last."""
    trouble = failure.trouble
    if trouble is None or trouble.kind not in ("crashed", "logged"):
        return
    yield ""
    yield f"In your program: {escape(str(trouble))}"
    for place in trouble.trail[-4:]:
        yield escape(f"  {place}  {place.text}")


def _bar() -> str:
    return "│" if console.can_show("│", console.output().file) else "|"
