"""`workshop run`: an attendee's programs of a step, in this terminal.

Reading order: `plan` (what to start), `ports`, `program` (one process), `inside` (what runs in it),
`keyboard` (typed lines for it), `together` (all of them, from start to end).
"""
