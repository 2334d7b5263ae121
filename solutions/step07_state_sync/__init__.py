"""Step 07: State synchronisation."""
