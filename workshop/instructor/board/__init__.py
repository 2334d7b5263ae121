"""The room's web pages: the board for the projector, a game for phones, the guides; and what feeds them.

`pages` answers requests, `feed` tells the board who is how far, `bots` are the host's bots,
`room` ties them to a server and does what the host wants of it. `static/` is what a browser gets.
"""
