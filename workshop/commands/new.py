"""`workshop new`: a game of one's own, from a tested example."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from workshop.course.progress_file import need_checkout
from workshop.files import near
from workshop.new_project import kinds, placing
from workshop.new_project.contents import contents
from workshop.new_project.dependency import requirement
from workshop.new_project.naming import names_of
from workshop.paths import ROOT
from workshop.terminal import console, picture
from workshop.terminal.asking import answer

COLUMNS = 48  # characters, of a picture


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR", required=False)
@click.option("--kind", "name", type=click.Choice(kinds.NAMES), help="What to begin with; --list shows them.")
@click.option("--dependency", metavar="PATH_OR_URL", help="Take netlib from there, and do not copy it.")
@click.option("--list", "listed", is_flag=True, help="List the kinds, with a picture of each.")
def command(*, folder: Path | None, name: str | None, dependency: str | None, listed: bool) -> None:
    """Make a game of your own in the new folder DIR: it runs, and passes its tests.

    The folder's name is the game's: my_game becomes "My Game".
    """
    need_checkout()
    if listed:
        show_kinds()
        return
    folder = folder or ask_folder()
    names = names_of(folder)
    placing.check(folder)
    needs = requirement(dependency) if dependency else ""
    kind = kinds.kind_of(name or ask_kind())
    placing.place(folder, contents(kind, names, needs))
    console.ok(f'{near(folder)} has your game "{names.title}", which begins as {kind.name}.')
    there = f'"{near(folder)}"' if " " in near(folder) else near(folder)
    console.say(f"Play it, and test it:\n  cd {there}\n  {python()} play.py\n  {python()} test.py")
    if (wheels := ROOT / "wheelhouse").is_dir():
        console.say(f"Without internet, copy the folder {near(wheels)} into it first.")
    console.say("Its README.md says where to change what.")


def ask_folder() -> Path:
    """Ask for the folder's name.

    Raises:
        click.UsageError: this is no terminal, so nobody can answer.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"Say which folder to make, for example: {console.command('new', near(beside()))}"
        )
    return Path(answer("Folder to make", default=near(beside())))


def beside() -> Path:
    """Return a good place for a game: here, or beside the checkout for somebody who stands in that."""
    here = Path.cwd()
    return (ROOT.parent if here.is_relative_to(ROOT) else here) / "my_game"


def ask_kind() -> str:
    """Ask which kind it shall be; where there is no terminal, it is the default one."""
    if not sys.stdin.isatty():
        return kinds.DEFAULT
    for number, kind in enumerate(map(kinds.kind_of, kinds.NAMES), 1):
        console.say(f"  {number}  {kind.name:8}{kind.about}")
    console.say(f"Their pictures: {console.command('new', '--list')}")
    number = answer("Begin with which", type=click.IntRange(1, len(kinds.NAMES)), default=1)
    return kinds.NAMES[number - 1]


def show_kinds() -> None:
    """Print a line about each kind, and where its picture is; where the terminal can, the picture as well."""
    for kind in map(kinds.kind_of, kinds.NAMES):
        console.say(f"  {kind.name:8}{kind.about}")
        console.link(f"{'':10}picture: ", near(kind.picture), kind.picture.as_uri())
        if picture.show(kind.picture, COLUMNS):
            console.say()


def python() -> str:
    """Return how the user starts Python, as far as we know."""
    word = re.fullmatch(r"([\w.]+) -m workshop", console.typed_command())
    return word[1] if word else "py" if sys.platform == "win32" else "python3"
