"""A chaos run: bots play while their sockets are cut and the server is killed, and everybody keeps books.

Run it with ``python -m workshop.bench.chaos``; ``--help`` lists the flags. `books` says what must hold,
`serve` is the server with its books, `bots` are the players with theirs, `proxy` is between them and breaks,
`cutter` chooses what, `run` leads through it all.
"""
