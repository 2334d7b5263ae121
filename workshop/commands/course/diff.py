"""`workshop diff`: one's own files against the solution, or one solution against another."""

import sys

import click

from workshop import steps
from workshop.course import diff_view, lessons, stage_files
from workshop.course.differences import FileDifference, differences
from workshop.course.progress_file import ProgressFile
from workshop.course.stage_files import Contents
from workshop.steps import Step
from workshop.terminal import console
from workshop.terminal.asking import agreed

QUESTION = "Show the solution's lines?"


@click.command()
@click.argument("step", required=False, metavar="[N]")
@click.option("--unified", is_flag=True, help="One line under the other, however wide the terminal is.")
@click.option("--all", "everything", is_flag=True, help="Whole files, with every TODO and space.")
@click.option("--from", "earlier", metavar="M", help="What changed from the solution of step M to that of N.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(*, step: str | None, unified: bool, everything: bool, earlier: str | None, yes: bool) -> None:
    """Show where your files of step N differ from its solution."""
    kept = ProgressFile()
    later = kept.step(step)
    left = steps.find(earlier) if earlier is not None else None
    found = between(left, later, everything=everything) if left else mine(later, everything=everything)
    if not found:
        console.ok(_no_difference(left, later))
        return
    if left and (beginning := lessons.beginning(left, later)):
        console.say(beginning)
    again = ("diff", later.short, *(("--from", left.short) if left else ()))
    if kept.read().passed(later) or agreed(QUESTION, yes=yes, again=again):
        right = f"solution {later.number}" if left else "the solution"
        show(found, (f"solution {left.number}" if left else "yours", right), unified=unified)


def mine(step: Step, *, everything: bool = False) -> list[FileDifference]:
    """Where somebody's files differ from the solution. Files of their own beside it are theirs alone."""
    solution = texts(stage_files.read(step.solution))
    yours = {path: text for path, text in texts(stage_files.read(step.starter)).items() if path in solution}
    return differences(yours, solution, everything=everything)


def between(earlier: Step, later: Step, *, everything: bool = False) -> list[FileDifference]:
    """What changed from one solution to another."""
    left, right = (texts(stage_files.read(step.solution)) for step in (earlier, later))
    return differences(left, right, everything=everything, as_one=(earlier.id, later.id))


def texts(contents: Contents) -> dict[str, str]:
    """The files as text, whatever is in them."""
    return {path: data.decode(errors="replace") for path, data in contents.items()}


def _no_difference(left: Step | None, step: Step) -> str:
    if left:
        return f"The solutions of steps {left.number} and {step.number} do not differ in what matters."
    return f"Your files of step {step.number} and the solution do not differ in what matters."


def show(found: list[FileDifference], titles: tuple[str, str], *, unified: bool) -> None:
    """Print the differences, beside each other where there is room."""
    output = console.output()
    columns = output.width if sys.stdout.isatty() else 0
    for number_, difference in enumerate(found):
        if number_:
            console.say()
        output.print(headline(difference, titles), markup=False, style="bold")
        if difference.kind != "changed" or unified or columns < diff_view.SIDE_BY_SIDE_COLUMNS:
            lines = diff_view.unified(difference)
        else:
            bar = "│" if console.can_show("│", sys.stdout) else "|"
            lines = diff_view.side_by_side(difference, columns=columns, titles=titles, bar=bar)
        for line in lines:
            output.print(line)


def headline(difference: FileDifference, titles: tuple[str, str]) -> str:
    """The file's name, and what to know about it."""
    only = {"only left": f"only in {titles[0]}", "only right": f"only in {titles[1]}"}
    signs = f"- {titles[0]}, + {titles[1]}"
    return f"{difference.path}  ({only.get(difference.kind, signs)})"
