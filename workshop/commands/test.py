"""`workshop test`: the project's tests, with any option of pytest."""

import os

import click

from workshop import extras
from workshop.course.progress_file import need_checkout
from workshop.paths import ROOT
from workshop.terminal import console

PARALLEL = ("-n", "auto", "--dist", "loadgroup")


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.option("--all", "everything", is_flag=True, help="Also what needs a screen, the superuser or minutes.")
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
<<<<<<< HEAD
def command(*, everything: bool, pytest_args: tuple[str, ...]) -> int:
    """Run the project's quick tests on all processors; with words of your own, do as pytest does.

    `test tests/netlib -x` is `pytest tests/netlib -x`: all that you type after `test` goes to pytest.
    """
    if not (ROOT / "tests").is_dir():
        raise click.ClickException("The tests are not here: only a checkout of the project has them.")
    if find_spec("xdist") is None:
        raise click.ClickException(
            "pytest-xdist is missing in this Python. Start from the checkout with: python3 -m workshop test"
        )
    chosen = ("--all",) if everything else ()
    return run_pytest(chosen + (pytest_args or PARALLEL))
=======
def command(pytest_args: tuple[str, ...]) -> int:
    """Run the project's tests; everything after `test` goes to pytest."""
    need_checkout()
    extras.need("test")
    return run_pytest(pytest_args)
>>>>>>> 87e8200 (A quicker start: pip of the host or uv installs, without a pip in .venv; a wheel has the game and two packages)


def run_pytest(arguments: tuple[str, ...]) -> int:
    """Run pytest in this process, from the checkout's root, and return its exit code."""
    import pytest

    os.chdir(ROOT)
    console.output().file.flush()
    return int(pytest.main(list(arguments)))
