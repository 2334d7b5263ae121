"""The class of a room: its attendees, the step that each of them works on, and whose hand is up.

Reading order: `news` and `messages` (what attendees send), `place` and `register` (what the class knows),
`database`, `book` and `store` (where that is kept), `registrar` (the host's side), `opening`, `report`; then
an attendee's side: `membership` (what this laptop remembers), `messenger` (speaks to the host), `telling`
(beside a command).
"""
