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
def command(*, everything: bool, pytest_args: tuple[str, ...]) -> int:
    """Run the project's quick tests on all processors; with words of your own, do as pytest does.

    `test tests/netlib -x` is `pytest tests/netlib -x`: all that you type after `test` goes to pytest.
    """
    need_checkout()
    extras.need("test")
    chosen = ("--all",) if everything else ()
    return run_pytest(chosen + (pytest_args or PARALLEL))


def run_pytest(arguments: tuple[str, ...]) -> int:
    """Run pytest in this process, from the checkout's root, and return its exit code."""
    import pytest

    os.chdir(ROOT)
    console.output().file.flush()
    return int(pytest.main(list(arguments)))
