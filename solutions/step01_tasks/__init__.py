"""Step 01: Tasks."""
