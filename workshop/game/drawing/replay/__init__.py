"""What lies over a recording: the bar below it, and a message with its cost."""
