"""Whether a machine is ready for the workshop, and what to do if it is not.

Reading order: `finding` (the result), then the judges, which are pure: `python_judge`, `network_judge`,
`screen_judge`, `place_judge`, `firewall_judge`. They get what the probes have seen: `python_probe`,
`network_probe`, `screen_probe`, `place_probe`, `firewall_probe`. `examine` runs all of them. `doctor --lan`
is in `lan`.
"""
