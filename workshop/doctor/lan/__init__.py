"""`doctor --lan`: the way from this machine to another one.

Reading order: `seen` (what we can see), `judge` (with `here`, `search` and `packet_judge`; the
advice is in `fixes`), then `probe`, `packets` and `neighbours`. `examine` runs them, and `serve` stands in
for a room on the other machine.
"""
