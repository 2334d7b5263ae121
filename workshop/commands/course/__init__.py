"""The commands of the workshop: its steps, one after the other."""
