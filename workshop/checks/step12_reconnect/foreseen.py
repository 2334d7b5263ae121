"""Runs somebody's program with a clock and with chance that begin alike each time, as an attacker knows them.

The command line has the program's module, and its arguments. What the system itself gives as chance, as to
`secrets`, stays what it is.
"""

import random
import runpy
import sys
import time
from typing import Any

NOON = 1_800_000_000.0  # seconds since 1970


def foresee() -> None:
    """Let the clock stand, and let all chance of the module `random` come from the same number."""
    seed = random.Random.seed

    def seeded(self: random.Random, a: Any = None, version: int = 2) -> None:
        seed(self, 1 if a is None else a, version)

    random.Random.seed = seeded  # type: ignore[method-assign]
    random.seed(1)
    time.time, time.time_ns = lambda: NOON, lambda: int(NOON * 1e9)


if __name__ == "__main__":
    foresee()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
