"""Step 09: Latency."""
