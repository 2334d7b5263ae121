"""A room: its port and connections, who is in it, and its ticks."""
