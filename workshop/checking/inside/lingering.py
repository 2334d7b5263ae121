"""Stands still because the check ordered it: a module of its own, so that `watch` blames nobody."""

import time


def linger(seconds: float) -> None:
    """Let nothing else have its turn for so long."""
    time.sleep(seconds)
