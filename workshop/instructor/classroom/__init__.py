"""The class of a room: who is in it, which step everybody works on, who has a hand up.

Reading order: `news` and `messages` (what is said), `place` and `register` (what is made of it), `database`,
`book` and `store` (where it is kept), `desk` (the host's side), `opening`, `report`; then an attendee's side:
`membership` (what this laptop remembers), `messenger` (speaks to the host), `telling` (beside a command).
"""
