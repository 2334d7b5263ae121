"""Step 12: Reconnecting."""
