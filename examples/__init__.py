"""Small games, whole: what a project of one's own may start from. Run one: ``python -m examples.square``."""
