"""Step 08: Discovery."""
