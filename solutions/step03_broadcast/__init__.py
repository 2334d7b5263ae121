"""Step 03: Broadcast."""
