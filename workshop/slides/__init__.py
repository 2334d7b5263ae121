"""The slides: Markdown decks in `slides/`, built into one HTML file that needs nothing else.

Reading order: `deck` (a file into slides), `highlight`, `html` (slides into markup), `pictures`, `policy`
(what the page may do), `build` (all of it into one file), `check` (what must hold for a deck).
"""
