"""Gem Rush, the workshop's game: what is not a lesson.

A reading order:

1. The rules, pure: `units`, `entities`, `maps`, `movement`, `rounds`, `world`.
2. What crosses the wire: `messages`. Who is in the room, and talks: `manners`, `company`.
3. Bots, pure: `navigation`, `bots`; and as clients: `bot_client`.
4. The picture: `palette`, `text`, `sprites`, `ground`, `camera`, `effects`, `view` draw the world;
   `hud`, `chat`, `overlays` what lies over it; `screen` puts them together in a `window`, and
   `opening` makes the first one. `telemetry` says in their words what a client knows.
5. What the player wants: `controls`; all that the player touches: `front`; and what the command
   line says: `flags`.
6. For stages whose lesson is another: `plain_rules` and `plain`, the whole game in few words; `lobby`
   and `discovery_flags`, for rooms that are found.
"""
