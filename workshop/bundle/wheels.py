"""Gets wheels for another laptop by pip, and reads their metadata."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PathDistribution
from pathlib import Path

from packaging.utils import canonicalize_name

from workshop.bootstrap.causes import NO_CONNECTION
from workshop.bootstrap.pip import has_pip, outside_python
from workshop.bundle.closure import Wheel, unmet
from workshop.bundle.targets import Target
from workshop.errors import WorkshopError

ROUNDS = 12  # in which we must find all that is needed: a package needs one that needs one …
OPTIONS = (
    *("--no-input", "--no-color", "--progress-bar", "off", "--disable-pip-version-check"),
    # Without retries, pip reports a missing connection like a missing wheel.
    *("--retries", "2"),
    *("--no-deps", "--only-binary", ":all:"),
)
KEPT = "What has been fetched is kept: later, type the same again."
LINES_KEPT = 4  # of pip's output, for the message when it fails

Say = Callable[[str], object]


class NoWheel(WorkshopError):
    """There is no wheel of a package for a target; the text is the package's name."""


class NotFetched(WorkshopError):
    """pip could not fetch anything; the text says why."""


def fetch(target: Target, wanted: Sequence[str], folder: Path, say: Say) -> list[Wheel]:
    """Get the wheels of all packages that are needed, except those that are in the folder already.

    Args:
        wanted: requirements as in PEP 508.
        folder: for this target alone; made if missing.
        say: hears what is being fetched.

    Raises:
        NoWheel: a package that is needed has none.
        NotFetched: there is no connection, or no pip.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(ROUNDS):
        wheels = {wheel.name: wheel for wheel in read_all(folder)}
        missing = unmet(wanted, wheels, target.environment)
        if not missing:
            return list(wheels.values())
        _remove(folder, wheels, missing)
        download(missing, target, folder, say)
    raise NotFetched(f"What {target.title} needs cannot be found out: {', '.join(missing)}.")


def read_all(folder: Path) -> list[Wheel]:
    """The wheels in a folder. A damaged one, after a full disk or an interruption, is deleted."""
    return [wheel for file in sorted(folder.glob("*.whl")) if (wheel := _read(file))]


def _read(file: Path) -> Wheel | None:
    try:
        with zipfile.ZipFile(file) as archive:
            info = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            found = PathDistribution(zipfile.Path(archive, info.removesuffix("METADATA")))
            return Wheel(canonicalize_name(found.name), found.version, found.requires or [], file.name)
    except (zipfile.BadZipFile, StopIteration):
        file.unlink()
        return None


def _remove(folder: Path, wheels: dict[str, Wheel], requirements: Iterable[str]) -> None:
    """Delete those that were fetched in another version."""
    names = {re.split(r"[<>=!~]", text)[0] for text in requirements}
    for name in names & wheels.keys():
        (folder / wheels[name].file).unlink()


def download(requirements: Sequence[str], target: Target, folder: Path, say: Say) -> None:
    """Let pip fetch the newest wheels for a target, without the packages that they need.

    Raises:
        NoWheel, NotFetched: as for `fetch`.
    """
    lines: list[str] = []
    with _started(_pip(requirements, target, folder)) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line.rstrip())
                if what := fetching(line):
                    say(what)
            code = process.wait()
        finally:
            process.terminate()
    if code:
        raise problem("\n".join(lines))


def _started(command: Sequence[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _pip(requirements: Sequence[str], target: Target, folder: Path) -> list[str]:
    outside = outside_python()  # any pip will do: what it fetches depends only on the target
    python = outside if has_pip(outside) else sys.executable
    command = [python, "-m", "pip", "download", *OPTIONS, "--dest", str(folder)]
    command += ["--implementation", "cp", "--python-version", target.python]
    for tag in target.platform.tags:
        command += ["--platform", tag]
    return [*command, *requirements]


def fetching(line: str) -> str:
    """What pip is fetching, from a line of its output: `pygame_ce 2.5.8 (9.8 MB)`; "" for other lines."""
    found = re.match(r"\s*Downloading (?:\S*/)?([\w.]+)-([\w.!+]+)-\S+\.whl(?:\.metadata)?( \(.*\))?", line)
    return f"{found[1]} {found[2]}{found[3] or ''}" if found else ""


def problem(output: str) -> WorkshopError:
    """The error that fits the output of a failed pip."""
    if re.search(NO_CONNECTION, output):
        return NotFetched(f"The package index cannot be reached. {KEPT}")
    if found := re.search(r"No matching distribution found for ([\w.-]+)", output):
        return NoWheel(found[1])
    if "No module named pip" in output:
        return NotFetched(f"This Python has no pip: {sys.executable} -m ensurepip")
    return NotFetched("pip failed. It said:\n" + "\n".join(output.splitlines()[-LINES_KEPT:]))
