"""Keeps the workshop whole: what `dev check` proves, and `dev new` makes.

Reading order: `todo` (what a starter leaves open), `stages`, `guides` and `places` (what must hold of a
step's files), `matrix` (starters, solutions, wrong and right answers, each against its check), `scaffold`.
"""
