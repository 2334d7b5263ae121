"""What must hold for a guide: its headings, a task for each TODO, and code that is in the stages."""

import re
from collections.abc import Iterator

from workshop.maintenance.upkeep import quotes
from workshop.maintenance.upkeep.stages import todos
from workshop.steps import Step

HEADINGS = (
    *("Why it matters", "The idea", "Tasks", "See it work"),
    *("Key points", "Going further", "Readings", "In netlib"),
)
FENCE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
WIDEST = 76  # columns of a diagram


def problems(step: Step, text: str) -> Iterator[str]:
    """What is wrong with a guide's text, in one sentence each."""
    yield from _shape(step, text)
    yield from _tasks(step, text)
    for language, code in FENCE.findall(text):
        yield from _block(language, code)


def _shape(step: Step, text: str) -> Iterator[str]:
    first = text.partition("\n")[0]
    if first != f"# Step {step.number}: {step.title}":
        yield f"the guide begins with {first!r}, not with # Step {step.number}: {step.title}"
    if not re.search(r"^> You build ", text, re.MULTILINE):
        yield "the guide does not say in a quote what one builds (> You build …)"
    found = re.findall(r"^## (.+)$", FENCE.sub("", text), re.MULTILINE)
    if tuple(found) != HEADINGS:
        yield f"the guide's headings are {', '.join(found)}; they should be {', '.join(HEADINGS)}"


def _tasks(step: Step, text: str) -> Iterator[str]:
    named = re.findall(r"\*\*TODO (\d\d\.\d+)\*\*", section(text, "Tasks"))
    if sorted(set(named)) != sorted(todos(step)):
        yield f"the guide's tasks are {', '.join(named)}; the starter's TODOs {', '.join(todos(step))}"


def _block(language: str, code: str) -> Iterator[str]:
    if language == "text" and (long := max(map(len, code.splitlines()), default=0)) > WIDEST:
        yield f"a diagram is {long} columns wide; {WIDEST} is the most"
    yield from quotes.problems(language, code, quotes.from_checkout)


def section(text: str, heading: str) -> str:
    """The text from a heading to the next one."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
