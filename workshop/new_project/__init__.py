"""`workshop new`: a project of one's own, from a tested example.

What it copies is code that runs here: nothing is written twice that could grow old. Reading order: `kinds`
(what one can have), `naming` (what it is called), `closure` (which modules it needs), `rewriting` (their new
names), `dependency` (netlib from elsewhere), `contents` (all files), `placing` (whole, or not at all).

What a project has beside its game, such as `play.py` and the set-up on a fresh machine, is in
`examples/project/`.
"""
