"""Runs inside the process of a program that is checked. Nothing here changes what the program does.

Reading order: `__main__`, `link` (to the check), `faults` (what goes wrong; with `theirs`, `origin` and
`tasks`), `watch` (an event loop that stands still), `window` (frames and keys).
"""
