"""Making a bundle: fetch, pack, write. What is done already is not done again."""

import itertools
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from workshop.bootstrap.old_python import OLDEST
from workshop.bundle import pages
from workshop.bundle.archive import contents, pack
from workshop.bundle.checkout import Source, files
from workshop.bundle.folder import Fetched, Folder
from workshop.bundle.pages import Download
from workshop.bundle.targets import PLATFORMS, Platform, Target, python_number, span
from workshop.bundle.wheels import NotFetched, NoWheel, download, fetch
from workshop.errors import WorkshopError
from workshop.slides.build import build

WHEELS = ".wheels"  # the folder for them, by platform; hidden, since only we need it
PARTS = ".parts"  # in that folder: the wheels of targets that are not complete yet
LEADER = "pygame-ce"  # the package whose wheels for a new Python come last


class Teller(Protocol):
    """Shows how far we are."""

    def begin(self, title: str, total: int | None) -> None:
        """Begin work with that many parts; None if we do not know how many."""

    def step(self, what: str = "", *, done: int = 0) -> None:
        """Show what we are doing now, and that ``done`` more parts are done."""


def requirements(root: Path) -> list[str]:
    """What a laptop needs to install the project and to check it, with pip and what builds the project."""
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project = told["project"]
    tests = project["optional-dependencies"]["test"]
    return [*project["dependencies"], *tests, *told["build-system"]["requires"], "pip"]


def find_pythons(
    platforms: Sequence[Platform], folder: Folder, wanted: Sequence[str], tell: Teller
) -> list[str]:
    """The versions of Python from our oldest up to the newest for which pygame has wheels.

    Raises:
        NotFetched: there is no connection, and nothing was fetched before.
    """
    tell.begin("Pythons", None)
    leader = next(text for text in wanted if text.startswith(LEADER))
    found: list[str] = []
    for minor in itertools.count(OLDEST[1]):
        python = f"{OLDEST[0]}.{minor}"
        tell.step(f"Are there wheels for Python {python}?")
        try:
            if not any(_has(Target(platform, python), leader, folder) for platform in platforms):
                break
        except NotFetched:
            if not found:
                raise
            break
        found.append(python)
    return found


def _has(target: Target, requirement: str, folder: Folder) -> bool:
    if folder.record.targets.get(target.name, Fetched()).wheels:
        return True
    part = _part_of(folder, target)
    part.mkdir(parents=True, exist_ok=True)
    try:
        download([requirement], target, part, lambda _: None)
    except NoWheel:
        return False
    return True


def _part_of(folder: Folder, target: Target) -> Path:
    """The folder in which we collect the wheels of a target until all of them are there."""
    return folder.path / WHEELS / PARTS / target.name.replace(" ", "-")


def fetch_wheels(folder: Folder, targets: Sequence[Target], wanted: Sequence[str], tell: Teller) -> None:
    """Get the wheels of all targets, and note the result for each.

    Raises:
        NotFetched: there is no connection; wheels that were fetched are kept.
    """
    tell.begin("Wheels", len(targets))
    for target in targets:
        if not _is_complete(folder, target):
            tell.step(target.title)
            folder.record.targets[target.name] = _fetched(folder, target, wanted, tell)
            folder.save()
        tell.step(done=1)
    shutil.rmtree(folder.path / WHEELS / PARTS, ignore_errors=True)


def _is_complete(folder: Folder, target: Target) -> bool:
    known = folder.record.targets.get(target.name, Fetched())
    place = folder.path / WHEELS / target.platform.name
    return bool(known.wheels) and all((place / name).is_file() for name in known.wheels)


def _fetched(folder: Folder, target: Target, wanted: Sequence[str], tell: Teller) -> Fetched:
    part = _part_of(folder, target)
    try:
        wheels = fetch(target, wanted, part, lambda what: tell.step(f"{target.title}: {what}"))
    except NoWheel as error:
        return Fetched(lacks=str(error))
    place = folder.path / WHEELS / target.platform.name
    place.mkdir(parents=True, exist_ok=True)
    for wheel in wheels:
        (part / wheel.file).replace(place / wheel.file)
    return Fetched([wheel.file for wheel in wheels])


def fetched_for(folder: Folder, platform: Platform) -> dict[str, Fetched]:
    """The result for each Python on a platform, from this run and earlier ones."""
    known = folder.record.targets.items()
    found = {name.split()[1]: each for name, each in known if name.split()[0] == platform.name}
    return {python: found[python] for python in sorted(found, key=python_number)}


def pack_archives(folder: Folder, root: Path, tell: Teller) -> None:
    """Pack the checkout and the wheels of each platform, unless they are packed already."""
    sources = files(root)
    found = [(platform, _wheels(folder, platform)) for platform in PLATFORMS.values()]
    work = [(platform, wheels) for platform, wheels in found if wheels]
    tell.begin("Packing", sum(len(sources) + len(wheels) for _, wheels in work))
    for platform, wheels in work:
        _pack(folder, _archive_of(platform), sources, wheels, tell)


def _wheels(folder: Folder, platform: Platform) -> list[Path]:
    names = {name for each in fetched_for(folder, platform).values() for name in each.wheels}
    return sorted(folder.path / WHEELS / platform.name / name for name in names)


def _archive_of(platform: Platform) -> str:
    return f"workshop-{platform.name}.zip"


def _pack(folder: Folder, name: str, sources: Sequence[Source], wheels: Sequence[Path], tell: Teller) -> None:
    made_of = contents(sources, wheels)
    if folder.is_ours(name) and folder.record.archives.get(name) == made_of:
        tell.step(done=len(sources) + len(wheels))
        return
    with folder.writing(name) as part:
        pack(part, sources, wheels, lambda: tell.step(name, done=1))
    folder.record.archives[name] = made_of
    folder.save()


def downloads(folder: Folder) -> Iterator[Download]:
    """For each platform, the archive that there is and the Pythons that it lacks."""
    for platform in PLATFORMS.values():
        became = fetched_for(folder, platform)
        whole = [python for python, each in became.items() if each.wheels]
        lacks = [
            f"{Target(platform, python).title} cannot be served: there is no wheel of {each.lacks} for it."
            for python, each in became.items()
            if each.lacks
        ]
        file = _archive_of(platform) if whole else ""
        size = (folder.path / file).stat().st_size if whole else 0
        if became:
            yield Download(platform.name, platform.title, file, size, span(whole) if whole else "", lacks)


def write_pages(folder: Folder, told: Sequence[Download], tell: Teller) -> list[str]:
    """Write guides, slides and the start page. Returns a sentence for each that could not be made."""
    tell.begin("Pages", None)
    for path, data in pages.all_guides():
        folder.write(path, data)
    problems = []
    try:
        folder.write("slides/index.html", build().encode())
    except WorkshopError as error:
        problems.append(f"The slides are not in it: {error}")
    folder.write("index.html", pages.start_page(told, with_slides=not problems))
    return problems
