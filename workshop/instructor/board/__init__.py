"""The room's web pages: the board for the projector, a game for phones, the guides; and what feeds them.

`pages` answers requests, `feed` sends the board each attendee's progress, `bots` are the host's bots, `room`
ties them to a server and carries out the host's orders. `static/` is what a browser gets.
"""
