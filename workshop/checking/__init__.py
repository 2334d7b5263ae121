"""How a step is checked: somebody's program runs as a process, and scripted peers stand around it.

Reading order: `stage` (where the program lies), `verdict` (what a check says), `wire` and `inside/` (our
eyes inside their process), `program` (that process), `lab` (what a check works with), `check` (its parts, one
cause one failure), `report`, `run`. `answers` are wrong and right programs that keep the checks honest.
"""
