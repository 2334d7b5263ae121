"""The lab: what the server knows, beside what a player sees with and without the repairs of netcode."""
