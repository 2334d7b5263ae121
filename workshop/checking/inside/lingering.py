"""Stands still because the check ordered it: a module of its own, so that `watch` blames nobody."""

from __future__ import annotations

import time


def linger(seconds: float) -> None:
    """Let nothing else have its turn for so long."""
    time.sleep(seconds)
