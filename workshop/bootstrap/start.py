"""From a bare checkout to the command line: make `.venv`, install the project there, continue inside it.

Standard library only. Reading order: start, then install (what happens the first time). If everything is
installed already, this only looks at a few files.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from workshop.bootstrap.interpreter import python_of
from workshop.bootstrap.shadows import IMPORTS
from workshop.bootstrap.typed import TYPED, same_again, typed_command
from workshop.bootstrap.venv import is_ready
from workshop.paths import ROOT

PROJECT = "pygame-multiplayer-workshop"


def start(arguments: Sequence[str]) -> int:
    """Run the command line here if everything is installed, or else in `.venv`; return the exit code."""
    if is_inside(ROOT / ".venv"):
        return _run_inside()
    if is_installed_here():
        return _run_command_line()
    return _run_in_venv(arguments)


def is_inside(venv: Path) -> bool:
    """Return whether this very Python is the one of that virtual environment."""
    return Path(sys.prefix).resolve() == venv.resolve()


def is_installed_here() -> bool:
    """Return whether this Python has the project and all that it needs, as after `pip install`.

    The checkout itself does not count: an editable install leaves metadata there that any Python finds.
    """
    if any(find_spec(name) is None for name in IMPORTS):
        return False
    if not (ROOT / "pyproject.toml").is_file():
        return True  # no checkout: we are an installed package ourselves
    from importlib.metadata import distributions

    places = [Path(str(found.locate_file(""))).resolve() for found in distributions(name=PROJECT)]
    return any(place != ROOT for place in places)


def _run_inside() -> int:
    missing = [name for name in IMPORTS if find_spec(name) is None]
    if not missing:
        return _run_command_line()
    _complain(
        f"This .venv is not finished: {', '.join(missing)} is missing. "
        f"Leave it by typing deactivate, then start again: {same_again()}"
    )
    return 2


def _run_command_line() -> int:
    if "WORKSHOP_LIFELINE" in os.environ:
        from workshop.bootstrap import lifeline

        lifeline.watch()
    from workshop import cli

    return cli.main()


def _run_in_venv(arguments: Sequence[str]) -> int:
    code = 0 if is_ready(ROOT) else _install()
    if code:
        return code
    environ = {**os.environ, TYPED: typed_command()}
    python = str(python_of(ROOT / ".venv"))
    return go_on([python, "-m", "workshop", *arguments], environ)


def go_on(command: Sequence[str], environ: Mapping[str, str], platform: str = sys.platform) -> int:
    """Continue in another Python: it takes our place, or on Windows runs as our child; returns its exit code.

    On other systems `exec` keeps the process, so no signal can miss the program and nothing is left behind.
    Windows has no `exec`: there the child shares our console, and so gets Ctrl-C itself. It also holds one
    end of a pipe, the lifeline (see lifeline), which closes when we die, however that happens.
    """
    if platform == "win32":
        from workshop.bootstrap import lifeline

        return lifeline.run_child(command, environ)
    sys.stdout.flush()
    sys.stderr.flush()
    return os.execve(command[0], list(command), dict(environ))


def _install() -> int:
    from workshop.bootstrap.install import prepare
    from workshop.bootstrap.trouble import SetupError

    try:
        prepare(ROOT)
    except SetupError as error:
        _complain(str(error))
        return 2
    except KeyboardInterrupt:
        _complain(f"Stopped before the end. Next time it starts afresh: {same_again()}")
        return 130
    return 0


def _complain(text: str) -> None:
    sys.stderr.write(f"\n{text}\n")
