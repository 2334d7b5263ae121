"""What we can see of the checkout and the terminal."""

import shutil
import sys
import tempfile
from pathlib import Path

from workshop.course.stage_files import is_source
from workshop.doctor.place_judge import PlaceSeen
from workshop.doctor.screen_judge import TerminalSeen


def look_at_place(root: Path) -> PlaceSeen:
    """Look at the starter in the checkout at ``root``."""
    starter = root / "starter"
    return PlaceSeen(
        starter=str(starter),
        is_checkout=(root / "pyproject.toml").is_file(),
        is_there=starter.is_dir(),
        missing=missing_files(root),
        not_writable=_why_not_writable(starter) if starter.is_dir() else "",
    )


def missing_files(root: Path) -> list[str]:
    """Files that a solution has and its starter lacks; both should have the same files."""
    solutions = root / "solutions"
    files = [path.relative_to(solutions) for path in solutions.glob("step*/**/*") if path.is_file()]
    return sorted(
        path.as_posix() for path in files if is_source(path) and not (root / "starter" / path).is_file()
    )


def _why_not_writable(folder: Path) -> str:
    """Why nothing can be written there; only a try can tell, above all on Windows."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def look_at_terminal() -> TerminalSeen:
    """Look at the terminal that we print to."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return TerminalSeen(sys.platform, sys.stdout.encoding or "ascii", columns)
