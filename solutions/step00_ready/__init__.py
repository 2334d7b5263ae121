"""Step 00: Ready."""
