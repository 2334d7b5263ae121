"""F3: the network as graphs.

Reading order: `readings` (the measurements), `plot` and `curves` (a graph), `link_keys` (the keys that make
the network worse), `graph` (all of it in a panel).
"""
