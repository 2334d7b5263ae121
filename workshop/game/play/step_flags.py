"""Flags that a single step has, beside those of `workshop.game.play.flags`."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from typing import Any


def with_seconds(options: Callable[[Sequence[str]], dict[str, Any]], **defaults: float) -> dict[str, Any]:
    """The options of the command line, with further ones that are times in seconds.

    Args:
        options: `server_options` or `client_options`.
        defaults: of the further ones: ``longest_pause=8.0`` is the flag ``--longest-pause``.
    """
    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    for name, default in defaults.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=default, metavar="S")
    found, others = parser.parse_known_args(sys.argv[1:])
    return {**options(others), **vars(found)}
