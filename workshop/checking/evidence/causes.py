"""Causes as rows of data: which of the reasons for what was seen have evidence, and which are refuted."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from workshop.checking.evidence.facts import Evidence, Fact
from workshop.checking.verdict import Likely, Place, Where


class Cause(NamedTuple):
    """A reason for what a part of a check may see.

    Args:
        symptom: the `Wrong.symptom` that it explains; several with a space between.
        because: the reason, in a sentence that is true whenever all of ``needs`` hold.
        hint: what to try.
        needs: the facts that must all hold. Without any, it is said only when the place was found, and is
            ``about``.
        refuted_by: facts of which none may hold: the hint stands there already, say.
        about: the piece that it blames, such as "World.run". The cause is refuted when the program lacks that
            piece, or has the model's, and when the place was found elsewhere.
    """

    symptom: str
    because: str
    hint: str
    needs: tuple[Fact, ...] = ()
    refuted_by: tuple[Fact, ...] = ()
    about: str = ""


def likely(
    causes: Sequence[Cause], evidence: Evidence, where: Where | None, differing: Collection[str] | None
) -> tuple[Likely, ...]:
    """The causes for which all evidence holds.

    Args:
        where: the place, when it was looked for.
        differing: the pieces of the learner's program that the model has in another way; None: not known.
    """
    return tuple(dict.fromkeys(_likely(causes, evidence, where, differing)))


def _likely(
    causes: Sequence[Cause], evidence: Evidence, where: Where | None, differing: Collection[str] | None
) -> Iterator[Likely]:
    for cause in causes:
        if evidence.wrong.symptom not in cause.symptom.split() or _is_elsewhere(cause, where, differing):
            continue
        with suppress(RecursionError):  # of a program that is nested too deeply nothing is known
            held = [fact(evidence) for fact in cause.needs]
            if not all(held) or any(fact(evidence) for fact in cause.refuted_by):
                continue
            if cause.needs or _is_there(cause, where):
                places = [place for place in held if isinstance(place, Place)]
                yield Likely(cause.because, cause.hint, next(iter(places), None))


def _is_elsewhere(cause: Cause, where: Where | None, differing: Collection[str] | None) -> bool:
    """Whether the piece that a cause blames is known to be innocent."""
    if not cause.about:
        return False
    found_elsewhere = where and where.sure and not _is_there(cause, where)
    return bool(found_elsewhere) or (differing is not None and cause.about not in differing)


def _is_there(cause: Cause, where: Where | None) -> bool:
    return where is not None and any(spot.name == cause.about for spot in where.spots)
