"""`workshop slides`: the slides as one HTML file; built, and opened in the browser."""

import webbrowser
from pathlib import Path

import click

from workshop import steps
from workshop.commands.course.saving import FILE
from workshop.course.backups import state_folder
from workshop.files import near
from workshop.terminal import console

FILE_NAME = "slides.html"
KEYS = "Space goes on, S opens the speaker's view, Esc shows all slides."


@click.group(invoke_without_command=True)
@click.option("--step", "step_name", metavar="N", help="Open them at step N, by its number or name.")
@click.option("--open/--no-open", "opening", default=True, help="Whether to open them in the browser.")
@click.pass_context
def command(ctx: click.Context, *, step_name: str | None, opening: bool) -> None:
    """Open the slides in the browser.

    There S opens the speaker's view, with the notes and the time; Esc shows all slides; and with ?print-pdf
    after the address, the browser prints them to a PDF.
    """
    if ctx.invoked_subcommand is None:
        place = f"#/{steps.find(step_name).id}" if step_name is not None else ""
        show(build_file(state_folder() / FILE_NAME), place, opening=opening)


@command.command()
@click.argument("file", required=False, metavar="[FILE]", type=FILE)
def build(*, file: Path | None) -> None:
    """Build the slides into FILE, one HTML file that needs nothing else."""
    file = build_file(file or state_folder() / FILE_NAME)
    console.ok(f"The slides are in {near(file)} ({file.stat().st_size / 1e6:.1f} MB).")


def build_file(file: Path) -> Path:
    """Build the slides into a file; warn if a file that is not ours had to be renamed.

    Raises:
        WorkshopError: they cannot be built or written.
    """
    from workshop.slides import build as slides  # late: --help needs neither Markdown nor pygments

    if aside := slides.write(slides.build(), file):
        console.warn(f"There was a {near(file)} that we did not build. It is now {near(aside)}.")
    return file


def show(file: Path, place: str, *, opening: bool) -> None:
    """Open the page at a place in it, and print its path, in case no browser opens."""
    console.say(str(file))
    console.say(KEYS)
    if opening and not webbrowser.open(file.absolute().as_uri() + place):
        console.warn("No browser could be opened. Open that file with yours.")
