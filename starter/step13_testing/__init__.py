"""Step 13: Testing."""
