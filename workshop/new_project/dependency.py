"""netlib from elsewhere: what `--dependency` says, as pyproject.toml wants it."""

import re
import tomllib
from pathlib import Path

from workshop.errors import WorkshopError

KIT = "pygame-multiplayer-workshop"  # the package that has netlib; PyPI's netlib is somebody else's
ARCHIVES = (".whl", ".tar.gz", ".zip")
WITH_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]+://\S+"  # a drive's letter is no scheme


class BadDependency(WorkshopError):
    """There is no netlib to be had there; the text says what would do."""


def requirement(typed: str) -> str:
    """Return the requirement that somebody means by a folder, an archive, a URL or `NAME @ URL`.

    Raises:
        BadDependency: there is no such folder or archive, or no package with netlib in it.
    """
    name, at, url = typed.partition(" @ ")
    if re.fullmatch(WITH_SCHEME, url if at else typed):
        return f"{name.strip()} @ {url}" if at else f"{KIT} @ {typed}"
    path = Path(typed).resolve()
    if path.is_file() and path.name.endswith(ARCHIVES):
        return f"{path.name.split('-')[0].replace('_', '-')} @ {path.as_uri()}"
    return f"{_name_in(path)} @ {path.as_uri()}"


def _name_in(folder: Path) -> str:
    """Return the name of the package that a folder has."""
    problem = f"{folder} is no folder of a package that has netlib"
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    except (OSError, KeyError, ValueError) as error:
        reason = f"{problem}: it has no pyproject.toml that names a project"
        raise BadDependency(f"{reason}. {_ADVICE}") from error
    if not (folder / "netlib").is_dir():
        raise BadDependency(f"{problem}: it has no folder netlib. {_ADVICE}")
    return str(project["name"])


_ADVICE = (
    "Give the folder of a checkout, a wheel, or a URL such as git+https://example.org/kit.git; "
    "without --dependency, netlib is copied into the project."
)
