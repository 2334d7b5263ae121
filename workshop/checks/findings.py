"""What a check has measured itself."""

from __future__ import annotations

from workshop.checking.lab import Lab
from workshop.checking.verdict import Place, Wrong


def wrong(
    lab: Lab,
    expected: str,
    saw: str,
    cause: str,
    *,
    hint: str,
    place: Place | None = None,
    sure: bool = False,
) -> Wrong:
    """A diagnosis that is sure, unless an exception in their program explains it better.

    That the event loop stood still does not: on a busy machine it may for a moment, and be innocent.
    """
    sure = sure or lab.trouble("crashed", "logged", "warning") is None
    return Wrong(expected, saw, cause, hint=hint, place=place, sure=sure)
