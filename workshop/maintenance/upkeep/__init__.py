"""Keeps the workshop consistent: what `dev check` proves, and what `dev new` makes.

Reading order: `stages`, `guides`, `decks` and `places` (what must hold for a step's files), `matrix`
(starters, solutions, wrong and right answers, each against its check), `mutants`, `scaffold`.
"""
