"""`workshop test`: the project's tests, with any option of pytest."""

import os
from importlib.util import find_spec

import click

from workshop.paths import ROOT
from workshop.terminal import console


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def command(pytest_args: tuple[str, ...]) -> int:
    """Run the project's tests; everything after `test` goes to pytest."""
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The tests are not here: only a checkout of the project has them.")
    if find_spec("pytest") is None:
        raise click.ClickException(
            "pytest is missing in this Python. Start from the checkout with: python3 -m workshop test"
        )
    return run_pytest(pytest_args)


def run_pytest(arguments: tuple[str, ...]) -> int:
    """Run pytest in this process, from the checkout's root, and return its exit code."""
    import pytest

    os.chdir(ROOT)
    console.output().file.flush()
    return int(pytest.main(list(arguments)))
