"""What attendees type in: one folder a step."""
