"""Step 05: Messages and events."""
