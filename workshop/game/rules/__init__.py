"""The rules: what the game does, without a picture.

Reading order: `units`, `entities`, `maps`, `movement`, `rounds`, `world`; what crosses the wire: `messages`;
who is in the room, and talks: `chat_rules`, `host_commands`, `attendance`; how bots think: `navigation`,
`bots`. `plain_rules` is all of it in few words, for stages whose lesson is another; `rex` a player to watch.
"""
