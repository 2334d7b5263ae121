"""Gem Rush: gather wood, stone and gems before the others do; the whole game, with lobby, chat and rounds."""
