"""The picture: all that the game draws in a window. It sends nothing.

Reading order: `palette`, `text`, `sprites`, `ground`, `camera`, `effects` and `view` draw the world; `hud`,
`chat` (with `input_method`), `notes`, `overlays`, `key_page` and `net_graph` draw over it; `screen` puts
them together in a `window`.

`campfire`, `lobby` and `replay_panels` are pictures of their own.
"""
