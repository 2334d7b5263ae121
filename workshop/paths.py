"""Where the checkout is, or what stands in for it. Standard library only: bootstrap needs it, too."""

from pathlib import Path

OURS = Path(__file__).resolve().parent
# A wheel has the finished game, and no other stage, inside our own package: see setup.py.
ROOT = OURS.parent if (OURS.parent / "pyproject.toml").is_file() else OURS / "stages"
