"""`workshop bundle`: everything for a room without internet, in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from workshop.bundle import make
from workshop.bundle.folder import Folder, is_strange, size_in_words
from workshop.bundle.pages import Download
from workshop.bundle.targets import PLATFORMS, Target, python_number
from workshop.bundle.wheels import KEPT
from workshop.course.progress_file import need_checkout
from workshop.files import near
from workshop.paths import ROOT
from workshop.terminal import console
from workshop.terminal.asking import agreed

NOTHING_TO_INSTALL, INTERRUPTED = 1, 130
BAR_COLUMNS = 20


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--platform", "names", multiple=True, type=click.Choice(list(PLATFORMS)), help="Only this kind of laptop."
)
@click.option(
    "--python", "pythons", multiple=True, metavar="3.13", help="Only this Python; otherwise all that work."
)
@click.option("--yes", is_flag=True, help="Do not ask when the folder has other files.")
def command(*, folder: Path, names: tuple[str, ...], pythons: tuple[str, ...], yes: bool) -> int:
    """Pack everything for a room without internet into the folder DIR.

    One file for each kind of laptop: the workshop, with all packages that it needs. Beside them guides,
    slides and a start page. What is fetched is not fetched again: after Ctrl-C, type the same once more.
    """
    need_checkout()
    for python in pythons:
        python_number(python)
    question = f"{near(folder)} has other files in it. Put the bundle beside them?"
    if is_strange(folder) and not agreed(question, yes=yes, again=("bundle", str(folder))):
        return 0
    try:
        with Bars() as bars:
            told, problems = _make(bundle := Folder(folder), names, pythons, bars)
            bars.close()
    except KeyboardInterrupt:
        console.warn(f"Stopped. {KEPT}")
        return INTERRUPTED
    show(bundle, told, problems)
    return 0 if any(each.file for each in told) else NOTHING_TO_INSTALL


def _make(
    bundle: Folder, names: Sequence[str], pythons: Sequence[str], bars: Bars
) -> tuple[list[Download], list[str]]:
    wanted = make.requirements(ROOT)
    bundle.forget_unless(wanted)
    platforms = [PLATFORMS[name] for name in names or PLATFORMS]
    chosen = pythons or make.find_pythons(platforms, bundle, wanted, bars)
    targets = [Target(platform, python) for platform in platforms for python in chosen]
    make.fetch_wheels(bundle, targets, wanted, bars)
    make.pack_archives(bundle, ROOT, bars)
    told = list(make.downloads(bundle))
    return told, make.write_pages(bundle, told, bars)


def show(bundle: Folder, told: Sequence[Download], problems: Sequence[str]) -> None:
    """Print what the bundle has, what it lacks, and what to do with it."""
    for each in told:
        if each.file:
            console.ok(f"{each.title}: {each.file}, {size_in_words(each.size)}, Python {each.pythons}")
        for lack in each.lacks:
            console.warn(lack)
    for problem in problems:
        console.warn(problem)
    for moved in bundle.moved:
        console.warn(f"A file that is not ours had this name; it is now {near(moved)}.")
    if any(each.file for each in told):
        start = near(bundle.path / "index.html")
        console.say(f"\nAttendees need one of these files, and Python. Begin with {start}.")
        console.say(f"To give it to the room: {console.command('host', '--bundle', near(bundle.path))}")


class Bars(Progress):
    """A bar for each part of the work, with what is being done."""

    def __init__(self) -> None:
        rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        title, share = TextColumn("{task.description}"), TextColumn("{task.percentage:>3.0f} %")
        what = TextColumn("{task.fields[what]}", table_column=rest)
        columns = (title, BarColumn(BAR_COLUMNS), share, TimeElapsedColumn(), what)
        super().__init__(*columns, console=console.output(), expand=True)
        self._task: TaskID | None = None

    def begin(self, title: str, total: int | None) -> None:
        """Close the last bar, and open a new one."""
        self.close()
        self._task = self.add_task(title, total=total, what="")

    def step(self, what: str = "", *, done: int = 0) -> None:
        """Move the bar, and say what is being done."""
        if self._task is not None:
            self.update(self._task, advance=done, what=what)

    def close(self) -> None:
        """Fill the bar: its work is done."""
        if self._task is not None:
            self.update(self._task, total=1, completed=1, what="")
