"""How far the class is, step by step."""

from workshop.instructor.board.messages import Progress
from workshop.instructor.board.progress import progress
from workshop.instructor.board.screen import step_words
from workshop.instructor.classroom.register import Attendee
from workshop.steps import all_steps

FIRST, SECOND, THIRD = (step.id for step in all_steps()[:3])
CLASS = [
    Attendee("Ada", SECOND, "working", "", 0.0, frozenset([FIRST])),
    Attendee("Ben", FIRST, "stuck", "", 0.0),
    Attendee("Cleo", FIRST, "done", "", 0.0, frozenset([FIRST])),
]


def test_those_who_are_through_are_counted_by_what_they_passed() -> None:
    """An attendee who works on a later step is through the earlier ones that they passed."""
    assert progress(CLASS, "") == [
        Progress(step_words(FIRST), through=2, stuck=1, here=2),
        Progress(step_words(SECOND), through=0, stuck=0, here=1),
    ]


def test_the_step_that_the_class_is_on_is_always_shown() -> None:
    """A step that nobody has begun is shown when the host says that the class is on it."""
    assert progress(CLASS, step_words(THIRD))[-1] == Progress(step_words(THIRD), 0, 0, 0)
    assert progress([], "") == []
