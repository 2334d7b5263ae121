"""`workshop new`: a project of one's own, from a tested example.

What it copies is code that runs here: nothing is written twice that could grow old. Reading order: `kinds`
(what one can have), `naming` (what it is called), `closure` (which modules it needs), `rewriting` (their new
names), `dependency` (netlib from elsewhere), `contents` (all files), `placing` (whole, or not at all).

`set_up` is copied too: what `play.py` and `test.py` do on a fresh machine. `stand_ins` takes the place, over
there, of modules that belong to the course; `templates` has what is no module here.
"""
