"""How a step is checked: somebody's program runs as a process, and scripted peers stand around it.

Reading order. What is looked at: `stage` (where the program lies), `wire` and `inside/` (our eyes inside its
process), `program` (that process), `lab` (what a part works with), `parts` and `check` (what must hold),
`peers/` (who talks to the program). What is said: `verdict` (its form), `assignment` (the TODOs), `evidence/`
(what the source shows, and which reasons it speaks for), `plain_words` (exceptions), `blame/` (the place),
`diagnosis` (all of it), `report`, `run`. `answers` are wrong and right
programs that keep the checks honest.
"""
