"""A chaos run: bots play while their sockets are cut and the server is killed, and all of them keep books.

Run it with ``python -m workshop.maintenance.bench.chaos``; ``--help`` lists the flags. `books` says what must
hold, `serve` is the server with its books, `bots` are the players with theirs, `proxy` breaks the connections
between them, `cutter` chooses which, and `run` does all of it in order.
"""
