"""The workshop's stages, done. The last one is the finished game."""
