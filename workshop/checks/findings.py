"""What a check has measured itself."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.verdict import Place, Wrong


def wrong(lab: Lab, expected: str, saw: str, cause: str, *, hint: str, place: Place | None = None) -> Wrong:
    """A diagnosis that is sure, unless an exception in their program explains it better.

    That the event loop stood still does not: on a busy machine it may for a moment, and be innocent.
    """
    raised = lab.trouble("crashed", "logged")
    return Wrong(expected, saw, cause, hint=hint, place=place, sure=raised is None)
