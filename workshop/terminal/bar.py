"""A progress bar, for work that is done a piece at a time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from workshop.terminal import console


@contextmanager
def bar(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on a terminal, for so many pieces; what it yields takes the name of each that is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console.errors(), transient=True) as progress:
        task = progress.add_task("checking", total=total)
        yield lambda name: progress.update(task, advance=1, description=f"{name:<50.50}")
