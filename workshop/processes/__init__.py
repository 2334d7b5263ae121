"""Programs that we start: their environment, and their end, together with all that they have started."""
