"""Programs that measure: how fast the game is, and what it costs.

Each is run by itself, such as ``python -m workshop.maintenance.bench.client_loop``. A machine is noisy, so
compare figures of one run, not of two.
"""
