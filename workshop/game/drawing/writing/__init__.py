"""Writing in any script: which font has a character, and where a text is cut into runs."""
