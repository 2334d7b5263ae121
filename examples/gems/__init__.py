"""Gem Rush: gather more than the others before the round ends."""
