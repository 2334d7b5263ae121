"""Run the check of a step; `python -m workshop.checking.run FOLDER` prints the result as JSON."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

from workshop import steps
from workshop.checking.busy import LONGEST
from workshop.checking.check import Check, Task
from workshop.checking.quiet import quiet
from workshop.checking.stage import Stage
from workshop.checking.verdict import PartResult, Result
from workshop.course.backups import state_folder
from workshop.course.pristine import NoPristine, pristine
from workshop.errors import WorkshopError
from workshop.steps import Step


class NoCheck(WorkshopError):
    """A step has no check."""


class CheckFailed(WorkshopError):
    """There is a mistake in a check; the text says whose it is."""


def check_of(step: Step) -> Check:
    """The check of a step.

    Raises:
        NoCheck: there is none.
    """
    name = f"workshop.checks.{step.id}.check"
    try:
        found = import_module(name).check
    except ModuleNotFoundError as error:
        if error.name not in (name, name.removesuffix(".check")):
            raise
        raise NoCheck(f"Step {int(step.number)} has no check.") from error
    assert isinstance(found, Check), f"{name}.check is no Check"
    return found


def check_step(
    step: Step,
    folder: Path | None = None,
    tell: Callable[[PartResult], object] = lambda part: None,
    *,
    first_only: bool = False,
    look: Callable[[str], bool] = lambda title: False,
    say: Callable[[str], object] = lambda sentence: None,
    patience: float = LONGEST,
) -> Result:
    """Check a step's starter, or the same stage in another folder.

    Args:
        tell: is called with each part's result as soon as it is known.
        first_only: run nothing after the first failure.
        look, say, patience: as `Task` has them.

    Raises:
        NoCheck: the step has none.
        CheckFailed: there is a mistake in the check itself.
    """
    check = check_of(step)
    task = Task(Stage(folder or step.starter), step.solution, partial(starter_of, step), look, say, patience)
    try:
        with quiet():
            return asyncio.run(check.run(task, tell, first_only=first_only))
    except Exception as error:
        raise CheckFailed(
            f"The check of step {int(step.number)} failed itself ({type(error).__name__}: {error}). "
            "That is our mistake, not yours; your program may well be right."
        ) from error


def starter_of(step: Step) -> Mapping[str, str]:
    """The files of a step's starter as it came, by name; none where nobody knows them any more."""
    try:
        contents = pristine(step.checkout, state_folder(), step.id)
    except NoPristine:
        return {}
    return {
        name: data.decode("utf-8", errors="replace")
        for name, data in contents.items()
        if name.endswith(".py")
    }


def main() -> int:
    """Check the folder that the command line names, and print the result as JSON. 0 passed, 1 not.

    With ``--first`` nothing is run after the first failure; with ``--where`` its place is looked for.
    """
    folder, flags = Path(sys.argv[1]), sys.argv[2:]
    step = steps.find(folder.name)
    look = "--where" in flags
    result = check_step(step, folder, first_only="--first" in flags, look=lambda title: look, patience=0.0)
    sys.stdout.buffer.write(result.as_json() + b"\n")
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
