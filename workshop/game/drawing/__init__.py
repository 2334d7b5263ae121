"""The picture: what is drawn in a window, and nothing that is sent.

Reading order: `palette`, `text`, `sprites`, `ground`, `camera`, `effects`, `view` draw the world; `hud`,
`chat`, `notes`, `overlays` and `net_graph` what lies over it; `screen` puts them together in a `window`.
`campfire`, `lobby` and `replay_bar` are pictures of their own.
"""
