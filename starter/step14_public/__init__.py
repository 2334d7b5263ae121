"""The finished game: Gem Rush."""
