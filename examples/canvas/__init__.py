"""A shared drawing board for many. Run it: ``python -m examples.canvas``."""
