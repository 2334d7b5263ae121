"""The instructor's tools: the `board` in a browser, the `classroom`, and the `recorder` of a room."""
