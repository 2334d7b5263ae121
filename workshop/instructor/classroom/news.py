"""What an attendee's laptop tells the host: one value for each thing that happened.

It does not import netlib, so that a command with nothing to tell need not wait for that.
"""

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

MAX_WORDS = 200  # characters about what an attendee is stuck with
MAX_STEP = 64  # characters of a step's id
MAX_SECONDS = 1e9  # bounds also keep NaN and infinity out

Number: TypeAlias = Annotated[int, Meta(ge=1, le=2**53)]
StepId: TypeAlias = Annotated[str, Meta(max_length=MAX_STEP)]
Words: TypeAlias = Annotated[str, Meta(max_length=MAX_WORDS)]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, le=MAX_SECONDS)]
What: TypeAlias = Literal["start", "check", "stuck", "unstuck"]


class News(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that happened.

    Args:
        number: 1, 2, 3, …; the host ignores a number that it has heard already.
        what: a step was begun or checked, or a hand was raised or lowered.
        step: the id of the step.
        passed: whether the check was passed.
        seconds: how long the step has taken so far.
        words: what the attendee is stuck with.
        ago: how many seconds before it was sent.
    """

    number: Number
    what: What
    step: StepId = ""
    passed: bool = False
    seconds: Seconds = 0.0
    words: Words = ""
    ago: Seconds = 0.0


def on_one_line(words: str) -> str:
    """The words on one line, without unprintable characters, and cut to the allowed length."""
    shown = "".join(char if char.isprintable() else " " for char in words)
    return " ".join(shown.split())[:MAX_WORDS].rstrip()
