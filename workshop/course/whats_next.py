"""What the attendee should do next, and the one command for it."""

from typing import NamedTuple

from workshop import steps
from workshop.course.progress import Progress
from workshop.steps import Step


class Advice(NamedTuple):
    """A sentence, and the words of the command that follows it."""

    sentence: str
    words: tuple[str, ...]


def called(step: Step) -> str:
    """The step's name in a sentence: "step 02: Echo"."""
    return f"step {step.number}: {step.title}"


def duration_in_words(seconds: float) -> str:
    """How long something took: "12 minutes", or "less than a minute"."""
    if seconds < 60:
        return "less than a minute"
    units = {"day": 86_400, "hour": 3_600, "minute": 60}
    unit = next((unit for unit, size in units.items() if seconds >= 2 * size), "minute")
    number = round(seconds / units[unit])
    return f"{number} {unit}{'' if number == 1 else 's'}"


def advice(progress: Progress) -> Advice:
    """The advice on what to do next."""
    step = progress.current
    if progress.passed(step):
        return _onwards(progress, step)
    if progress.of(step).state == "to do":
        return Advice("Begin it:", ("start", step.short))
    if not step.files:
        return Advice("Check your machine:", ("check", step.short))
    return Advice("Do its TODOs, then check it:", ("check", step.short))


def _onwards(progress: Progress, step: Step) -> Advice:
    if steps.following(step):
        return Advice("You have passed it. Go on:", ("next",))
    if open_step := progress.first_open:
        still_open = f"You have passed it, and it is the last. Still open: {called(open_step)}:"
        return Advice(still_open, ("start", open_step.short))
    return Advice("All steps are passed. Now make a game of your own:", ("new", "my_game"))
