"""The rules: what the game does, without drawing.

Reading order: `units`, `entities`, `maps`, `movement`, `rounds`, `world`; what crosses the wire: `messages`;
the players and their chat: `chat_rules`, `host_commands`, `attendance`; how bots think: `navigation`, `bots`.

`plain_rules` puts all of it together, for stages that teach something else; `rex` is a player to watch.
"""
