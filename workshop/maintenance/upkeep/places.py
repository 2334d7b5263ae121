"""What must exist for a step beside its stages, guide and slides: a check, wrong answers and right ones."""

from collections.abc import Iterator
from itertools import chain

from workshop import steps
from workshop.checking import answers
from workshop.checking.run import NoCheck, check_of
from workshop.maintenance.upkeep import decks, guides, stages
from workshop.steps import Step

WRONG, RIGHT = 5, 2  # fewest answers of each kind
LESSONS_FROM = 1  # step 0 is about the machine: there is nothing to write


def problems(step: Step) -> Iterator[str]:
    """What is wrong with a step's files, in one sentence each."""
    found = chain(_places(step), stages.problems(step), _guide(step), decks.problems(step))
    yield from (f"{step.id}: {problem}" for problem in found)


def _guide(step: Step) -> Iterator[str]:
    if step.guide.is_file():
        yield from guides.problems(step, step.guide.read_text(encoding="utf-8"))
    else:
        yield "there is no guide"


def _places(step: Step) -> Iterator[str]:
    try:
        check_of(step)
    except NoCheck:
        yield "there is no check"
    if unknown := sorted({*step.tracks} - {*steps.tracks()}):
        yield f"it is in the track {unknown[0]!r}, which steps.toml does not have"
    if int(step.number) < LESSONS_FROM:
        return
    least: dict[answers.Kind, int] = {"wrong": WRONG, "right": RIGHT}
    for kind, fewest in least.items():
        if (count := len(list(answers.paths(kind, step)))) < fewest:
            yield f"{count} {kind} answers; {fewest} is the least"
