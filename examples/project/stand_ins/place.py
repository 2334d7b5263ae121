"""Where the player's choice of keys is kept."""

from pathlib import Path

GAME = __name__.partition(".")[0]


def kept_at() -> Path:
    """The file, in the player's own folder."""
    return Path.home() / f".{GAME}" / "keys.json"
