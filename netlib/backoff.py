"""When to try again: at once, then after growing pauses of random length.

The random part keeps all the clients of a server that restarts from coming back in one wave
("full jitter": M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
"""

import random

FIRST_PAUSE = 0.25  # seconds; the longest that the second try waits
LONGEST_PAUSE = 4.0  # seconds


class Backoff:
    """The pauses before one try after another.

    Args:
        seed: makes them repeatable.

    Attributes:
        tries: how many pauses were given.
    """

    def __init__(self, *, seed: int | None = None) -> None:
        self.tries = 0
        self._random = random.Random(seed)

    def next(self) -> float:
        """Seconds to wait before the next try; 0 before the first."""
        self.tries += 1
        if self.tries == 1:
            return 0.0
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self.tries - 2, 16))
        return self._random.uniform(longest / 2, longest)
