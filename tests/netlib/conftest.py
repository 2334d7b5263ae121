"""Hypothesis without a stopwatch: a busy laptop is not a failure."""

from hypothesis import settings

settings.register_profile("netlib", deadline=None, max_examples=80)
settings.load_profile("netlib")
