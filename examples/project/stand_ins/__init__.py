"""What takes the place, in a project of one's own, of modules that belong to the course."""
