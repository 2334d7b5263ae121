"""Runs somebody's client, and tells, whenever a line comes, which places of Ben it still keeps.

The command line has the program's module, and its arguments.
"""

import gc
import runpy
import sys
from threading import Thread

from workshop.game.rules.entities import Player


def answer() -> None:
    """Tell, again and again."""
    for _ in sys.stdin:
        values = (each for known in gc.get_objects() if type(known) is dict for each in [*known.values()])
        kept = {each.x for each in values if type(each) is Player and each.name == "Ben"}
        sys.stdout.write(f"kept: {min(kept, default=-1)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    Thread(target=answer, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
