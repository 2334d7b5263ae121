"""netlib beside the alternatives: one workload, several servers, measured in the same run.

Reading order: `workload` (what all of them do), `rows` and the modules in it (who does it), `serve` (a
server's process), `frames`, `dialects`, `crowd`, `load` (the clients' process), `figures`, `targets`
(arithmetic), `runner` (measuring), `report`, `plot`. ``workshop dev bench`` runs it.
"""
