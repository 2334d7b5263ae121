"""The output of `--json`: only ASCII, so that no terminal, pipe or code page can change it."""

import json

import msgspec

from workshop.terminal import console


def text_of(told: object) -> str:
    """A value that msgspec can convert, as JSON for programs and people."""
    return json.dumps(msgspec.to_builtins(told), indent=2)


def say_json(told: object) -> None:
    """Print a value as JSON."""
    console.output().print(text_of(told), markup=False)
