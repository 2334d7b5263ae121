"""Step 11: Interpolation."""
