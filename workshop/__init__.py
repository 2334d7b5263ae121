"""The workshop: its command line, the shared parts of the game, the guides and the checks.

This file and what __main__.py imports first parse on any Python, back to 2.7, so that an old one gets
a clear message and not a SyntaxError.
"""
