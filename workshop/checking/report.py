"""How a check's result is shown: what passed, then the first failure in full."""

import textwrap
from collections.abc import Iterator

from rich.markup import escape

from workshop.checking.verdict import Failure, PartResult, Result
from workshop.terminal import console

WIDEST = 100  # columns; longer lines are hard to read
SIGNS = {"passed": ("ok", "green", "ok"), "failed": ("error", "red", "not yet")}
NOT_CLEAR = "the reason is not clear from here"
HEADS = ("def ", "async def ", "class ")  # of a piece: they are not the line to change
LABEL = 15  # columns of "Likely cause" and what stands like it


class Printout:
    """Prints parts as they come: the first failure in full, of others their title."""

    def __init__(self) -> None:
        self._failed, self._not_run = False, 0

    def tell(self, part: PartResult) -> None:
        """Print one part; those that are not run are counted, and told in the end."""
        if part.state == "not run":
            self._not_run += 1
            return
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
        if self._not_run:
            parts = "1 part is" if self._not_run == 1 else f"{self._not_run} parts are"
            console.output().print(f"  [dim]{console.symbol('dot')} {parts} not run yet[/]")
        passed = sum(part.state == "passed" for part in result.parts)
        console.say(f"{passed} of {len(result.parts)} in {result.seconds:.1f} s")


def explained(failure: Failure, width: int) -> Iterator[str]:
    """The lines of a diagnosis, with rich's markup, for a terminal of so many columns."""
    yield ""
    yield from _labelled("Expected", failure.expected, width)
    yield from _labelled("Saw", failure.saw, width)
    if failure.not_done:
        yield from _labelled("Not done yet", f"{failure.not_done}: it is still as the starter has it", width)
    else:
        yield from _reasons(failure, width)
    yield from _trail(failure, width)
    if failure.output:
        yield ""
        yield "What your program printed, at the end:"
        lines = (_cut(line.replace(" | ", f" {_bar()} ", 1), width - 9) for line in failure.output)
        yield from (f"  [dim]{escape(line)}[/]" for line in lines)
    yield ""


def _reasons(failure: Failure, width: int) -> Iterator[str]:
    if failure.where and (failure.where.spots or not any(likely.place for likely in failure.causes)):
        yield from _labelled("Where", str(failure.where), width)
    if not failure.causes:
        yield from _labelled("Likely cause", NOT_CLEAR, width)
    for number, likely in enumerate(failure.causes):
        one_of = "one of these: " if len(failure.causes) > 1 and number == 0 else ""
        place = f"  ({likely.place})" if likely.place else ""
        yield from _labelled("Likely cause" if number == 0 else "or", one_of + likely.cause + place, width)
        if likely.place and likely.place.text and not likely.place.text.startswith(HEADS):
            line = f"{likely.place.line} {_bar()} {likely.place.text}"
            yield " " * LABEL + f"[bold]{escape(_cut(line, width - LABEL - 8))}[/]"
        if likely.hint:
            yield from _labelled("Try", likely.hint, width)


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
    """The learner's own traceback, short: only their lines, the innermost last."""
    trouble = failure.trouble
    if trouble is None or trouble.kind not in ("crashed", "logged"):
        return
    yield ""
    yield escape(_cut(f"In your program: {trouble}", width - 7))
    for place in trouble.trail[-4:]:
        yield escape(_cut(f"  {place}  {place.text}", width - 7))


def _bar() -> str:
    return "│" if console.can_show("│", console.output().file) else "|"
