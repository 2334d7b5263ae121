"""The films on the slides: positions of the real game, recorded in a network in memory. See `scenes`."""
