"""What ties a window to a client, and a program to both.

Reading order: `controls` (keys to intent), `chat_commands` (what a typed line means), `telemetry` (what a
client knows, as the screen wants it), `opening`, `front`; `flags` and `start` for a program's beginning and
end. `plain` and `bare_window` are the game in few words, for stages whose lesson is another. `bot_client` is
a player without a window, `replaying` a window without a client.
"""
