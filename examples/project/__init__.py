"""What a project of one's own has beside its game. `workshop new` copies it; it is used nowhere else.

`set_up` is what `play.py` and `test.py` do on a fresh machine. `stand_ins` takes the place, over there, of
modules of Gem Rush that belong to the course. `templates` has what is no module here.
"""
