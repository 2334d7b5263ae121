"""What `--json` prints: ASCII alone, so that no terminal, pipe or code page can change it."""

import json

import msgspec

from workshop.terminal import console


def text_of(told: object) -> str:
    """Anything that msgspec knows, as JSON for programs and people."""
    return json.dumps(msgspec.to_builtins(told), indent=2)


def say_json(told: object) -> None:
    """Print it."""
    console.output().print(text_of(told), markup=False)
