"""What ties a window to a client, and a program to both.

Reading order: `keys` (which key means what), `controls` (keys to intent), `chat_commands` (what a typed
line means), `telemetry` (what a client knows, as the screen wants it), `opening`, `player_window`; `flags`
and `start` for a program's beginning and end.

For stages that keep something themselves: `own_state` (the state), `bare_window` (the connection), `visits`
(the search for rooms). `bot_client` is a player without a window, `replay` a window without a server.
"""
