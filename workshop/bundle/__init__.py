"""Everything for a room without internet, in one folder: wheels, the checkout, guides, slides, a start page.

Reading order: `targets` (kinds of laptops), `closure` (which packages; pure), `wheels` (getting them),
`folder` (which files in it are ours), `checkout`, `archive` (one file for each kind of laptop), `pages`, then
`make`, which does all of it. `serve` gives the folder to the room.
"""
