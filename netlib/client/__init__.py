"""A player: dialling, what is said, and coming back."""
