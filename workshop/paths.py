"""Where the checkout lies, or what stands in for it. Standard library only: bootstrap needs it, too."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
