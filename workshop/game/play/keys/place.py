"""Where the player's choice of keys is kept: `keys.json` beside the progress."""

from pathlib import Path

from workshop.course import progress_file


def kept_at() -> Path:
    """The file, wherever it is kept."""
    return progress_file.beside(progress_file.place(), "keys.json")
