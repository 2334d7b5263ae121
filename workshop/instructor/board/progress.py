"""How far the class is, step by step. Pure."""

from collections.abc import Sequence

from workshop import steps
from workshop.instructor.board.messages import Progress
from workshop.instructor.board.screen import step_words
from workshop.instructor.classroom.register import Attendee


def progress(attendees: Sequence[Attendee], current: str) -> list[Progress]:
    """The steps on which somebody works, and the one that the class is on, in order.

    Args:
        current: the words of the step that the class is on; empty for none.
    """
    rows = [_of_step(step.id, attendees) for step in steps.all_steps()]
    return [row for row in rows if row.here or row.step == current]


def _of_step(step_id: str, attendees: Sequence[Attendee]) -> Progress:
    here = [one for one in attendees if one.step == step_id]
    return Progress(
        step_words(step_id),
        through=sum(step_id in one.passed for one in attendees),
        stuck=sum(one.state == "stuck" for one in here),
        here=len(here),
    )
