"""What an instructor has: the `board` in a browser, the `classroom`, and the `recorder` of a room."""
