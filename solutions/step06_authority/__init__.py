"""Step 06: Authority."""
