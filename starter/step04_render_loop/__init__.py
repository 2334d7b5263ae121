"""Step 04: The render loop."""
