"""A shared drawing board for many."""
