"""Step 02: Echo."""
