"""Writes a command's output into a file that the user has named."""

from pathlib import Path

import click

from workshop import files
from workshop.terminal import console

FILE = click.Path(dir_okay=False, path_type=Path)  # the type of an argument or option that names a file


def save(file: Path, text: str, done: str) -> None:
    """Write a text; an existing file is renamed.

    Args:
        done: what to say afterwards, such as "Your progress is in"; the file's name follows.

    Raises:
        click.ClickException: it cannot be written.
    """
    try:
        if aside := files.set_aside(file):
            console.say(f"What was in {file} is now in {aside}.")
        file.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror or error}.") from error
    console.ok(f"{done} {file}.")
