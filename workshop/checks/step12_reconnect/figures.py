"""What is seen in step 12, judged: pauses, countdowns and tokens. Nothing here runs a program."""

import re
from collections.abc import Sequence
from itertools import dropwhile
from typing import NamedTuple

from workshop.checking.verdict import Wrong

HALF = 0.475  # of a pause is certain, and a little less is forgiven
ALIKE = 0.1  # by which shares of full pauses differ when there is no chance in them
WHOLE = 0.97  # of its full length each pause has that has no chance in it
LATE = 1.12  # times as long some pauses may seem on a computer that has much to do
ODD = 0.5  # seconds by which a countdown may be wrong: what is drawn is some frames old


class Pauses(NamedTuple):
    """What a client is told about its pauses: the first and the longest, in seconds."""

    first: float
    longest: float

    def whole(self, number: int) -> list[float]:
        """So many pauses, each as long as it may be at most."""
        return [min(self.longest, self.first * 2**tries) for tries in range(number)]

    def limit(self, number: int) -> float:
        """The seconds that so many pauses may take in all."""
        return sum(self.whole(number)) * LATE

    def shares(self, gaps: Sequence[float]) -> list[float]:
        """What part of its full length each pause has."""
        return [gap / whole for gap, whole in zip(gaps, self.whole(len(gaps)), strict=True)]

    def judge_short(self, gaps: Sequence[float]) -> None:
        """Look whether half of each pause is certain: none can seem shorter to us than it was."""
        if min(self.shares(gaps)) < HALF:
            expected = f"the pauses are {told(self.whole(len(gaps)))} at most, and half of that at least"
            raise Wrong(expected, f"they were {told(gaps)}", "too_short")


def judge_chance(shares: Sequence[float]) -> None:
    """Look whether any of the long pauses was shorter than it may be at most, and not all by as much."""
    if min(shares) > WHOLE:
        saw = f"of {len(shares)} long pauses each was as long as it may be at most, or longer"
        raise Wrong("a part of each pause is left to chance", saw, "no_chance")
    if max(shares) - min(shares) < ALIKE:
        saw = f"{len(shares)} long pauses were all about {min(shares):.0%} as long as they may be at most"
        raise Wrong("a part of each pause is left to chance", saw, "no_chance")


def told(seconds: Sequence[float]) -> str:
    """Pauses, in words."""
    words = ", ".join(f"{each:.2f}" for each in seconds[:8])
    return f"{words}{' …' * (len(seconds) > 8)} s" if words else "none"


def countdown(texts: Sequence[str]) -> float | None:
    """The seconds to the next try that a window tells; None when it tells none."""
    found = re.search(r"in (\d+\.\d) s", " ".join(texts))
    return float(found[1]) if found else None


def judge_countdown(seen: Sequence[tuple[float, float]]) -> None:
    """Compare how many seconds it still was to the next try with what the window told.

    It may tell of none at first: that a try has failed is noticed a little later.
    """
    begun = list(dropwhile(lambda each: each[1] == 0, seen)) or seen
    odd = [(left, words) for left, words in begun if not left - 2 * ODD < words < left + ODD]
    if odd:
        left, words = max(odd)
        symptom = "at_zero" if begun is seen and words == 0 else "other_time"
        saw = f"it said {words:.1f} s when there were {left:.1f} s to go"
        raise Wrong("the window counts down the seconds to the next try", saw, symptom)


def alike(one: str, other: str) -> bool:
    """Whether two tokens begin with the same characters, or have many at the same places."""
    same = [a == b for a, b in zip(one, other, strict=False)]
    return [*same, False].index(False) > len(one) / 3 or sum(same) > len(one) / 2
