"""A synced square for two."""
