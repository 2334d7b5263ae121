"""Gem Rush, the workshop's game: what is not a lesson.

Read the rules first: `units`, `entities`, `maps`, `movement`, `rounds`, `world`; then `messages`
(what crosses the wire), then what a player sees: `camera`, `view`, `hud`; and `bots`.
"""
