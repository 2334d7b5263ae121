"""The commands of the finished game."""
