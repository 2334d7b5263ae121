"""netlib beside the alternatives: one workload, several servers, measured in the same run.

Reading order: `workload` (what all servers do), `rows` (the servers), `serve` (a server's process), `frames`,
`dialects`, `crowd`, `load` (the clients' process), `figures`, `targets` (arithmetic), `runner` (measuring),
`report`, `plot`. ``workshop dev bench`` runs it.
"""
