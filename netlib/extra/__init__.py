"""Beside the core, off the reading path: what not every game needs."""
