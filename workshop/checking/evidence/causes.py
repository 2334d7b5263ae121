"""Causes as rows of data: which of the reasons for what was seen have evidence, and which are refuted."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from workshop.checking.evidence.facts import Evidence, Fact
from workshop.checking.verdict import Likely, Place, Where


class Cause:
    """A reason for what a part of a check may see.

    Args:
        symptom: the `Wrong.symptom` that it explains; several with a space between.
        because: the reason, in a sentence that is true whenever all of ``needs`` hold.
        hint: what to try.
        needs: the facts that must all hold. Without any, it is said only when the place was found, and is
            ``about``.
        about: the piece that it blames, such as "World.run". The cause is refuted when the program lacks that
            piece, or has the model's, and when the place was found elsewhere. By itself it is the first piece
            in which one of the facts looks; "" blames none.
    """

    def __init__(self, symptom: str, because: str, hint: str, *needs: Fact, about: str | None = None) -> None:
        self.symptom, self.because, self.hint, self.needs = symptom, because, hint, needs
        insides = (fact.inside for fact in needs if fact.inside)
        self.about = next(insides, "") if about is None else about


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
            if all(held) and (cause.needs or _is_there(cause, where)):
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
