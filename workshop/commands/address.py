"""The argument ADDRESS of the commands that go somewhere; `netlib.transport.address` reads it."""

from collections.abc import Callable
from typing import Any

import click


def address_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """``[ADDRESS]``, which may come in several words, as in ``10.0.0.7 8765``; None when there is none."""

    def joined(_: click.Context, __: click.Parameter, words: tuple[str, ...]) -> str | None:
        return " ".join(words) if words else None

    return click.argument("address", nargs=-1, metavar="[ADDRESS]", callback=joined)(function)
