"""Gem Rush, the workshop's game: what is not a lesson.

Reading order: `rules` (no pygame), `drawing` (sends nothing), `play` (ties a window to a client).
"""
