"""The file for the progress: `.workshop/progress.json` in the checkout, or in the home folder without one.

WORKSHOP_PROGRESS=FILE keeps it elsewhere: for tests, for a read-only checkout, or for a machine that several
people share.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from workshop import files, steps
from workshop.course.progress import BadProgress, Progress
from workshop.errors import WorkshopError
from workshop.paths import ROOT
from workshop.steps import Step
from workshop.terminal import console

ELSEWHERE = "WORKSHOP_PROGRESS"  # environment variable: the file to use instead


class NoCheckout(WorkshopError):
    """We are installed without the folders of the steps."""


def place() -> Path:
    """The file, wherever it is kept."""
    ours = ROOT if in_checkout() else Path.home()
    return Path(os.environ.get(ELSEWHERE) or ours / ".workshop" / "progress.json").absolute()


def beside(progress: Path, name: str) -> Path:
    """Another file that belongs to that progress file; a shared folder may have several."""
    own = progress.name == "progress.json"
    return progress.with_name(name if own else f"{progress.stem}.{name}")


def now() -> datetime:
    """The time of day, in UTC."""
    return datetime.now(UTC)


def in_checkout(root: Path = ROOT) -> bool:
    """Whether this is a checkout, which has the steps; an installed copy has only the game."""
    return (root / "pyproject.toml").is_file()


class ProgressFile:
    """Keeps the progress. If it cannot, it says so once, and remembers while the command runs.

    Each change reads the file again, so that a `watch` in one terminal and a `hint` in another agree.

    Args:
        path: the file; `place()` if not given.
        warn: prints a warning.
    """

    def __init__(self, path: Path | None = None, *, warn: Callable[[str], object] = console.warn) -> None:
        self.path = path or place()
        self._warn = warn
        self._unkept: Progress | None = None

    @property
    def keeps(self) -> bool:
        """Whether the file could be read and written so far."""
        return self._unkept is None

    def read(self) -> Progress:
        """The progress so far. An invalid file is renamed, and a new one begun."""
        if self._unkept:
            return self._unkept
        try:
            return Progress.from_json(self.path.read_bytes())
        except FileNotFoundError:
            return Progress()
        except OSError as error:
            return self._do_without(Progress(), error)
        except BadProgress as error:
            return self._begin_anew(error)

    @contextlib.contextmanager
    def changing(self) -> Iterator[Progress]:
        """Give the progress to change; it is written when the block ends without an exception."""
        progress = self.read()
        yield progress
        if self.keeps:
            try:
                files.write_whole(self.path, progress.to_json())
            except OSError as error:
                self._do_without(progress, error)

    def step(self, typed: str | None) -> Step:
        """The step that the attendee means; the current one if they typed none.

        Raises:
            NoCheckout: there are no steps here.
            UnknownStep: there is no such step.
        """
        need_checkout()
        step = steps.find(typed) if typed is not None else self.read().current
        need_checkout(step.checkout)
        return step

    def _begin_anew(self, error: BadProgress) -> Progress:
        try:
            aside = files.set_aside(self.path)
        except OSError as failure:
            return self._do_without(Progress(), failure)
        self._warn(f"{self.path} cannot be understood ({error}). It is now {aside}, and a new one is begun.")
        return Progress()

    def _do_without(self, progress: Progress, error: OSError) -> Progress:
        self._unkept = progress
        reason = error.strerror or str(error)
        self._warn(
            f"Progress is not kept: {self.path}: {reason}. To keep it elsewhere, set {ELSEWHERE}=FILE."
        )
        return progress


def need_checkout(root: Path = ROOT) -> None:
    """Raise NoCheckout if there are no steps here."""
    if not in_checkout(root):
        raise NoCheckout(
            "This is the game alone: only a checkout of the project has the steps, slides, tests and "
            "examples. Get one, and type the same there."
        )
