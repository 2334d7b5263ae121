"""Programs that we start: what they are given, and how they end, with all that they have started."""
