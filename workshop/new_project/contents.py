"""All files of a new project, read from the checkout."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from string import Template

from packaging.requirements import Requirement

from workshop.new_project.closure import closure
from workshop.new_project.kinds import NAMES, Kind
from workshop.new_project.naming import Names
from workshop.new_project.rewriting import new_names, rewritten, without, without_paragraphs
from workshop.paths import ROOT

OURS = "examples.project"  # what a project has beside its game
INSTEAD = {
    "workshop.terminal.console": f"{OURS}.stand_ins.console",
    "workshop.game.play.keys.place": f"{OURS}.stand_ins.place",
}
WITHOUT = ("workshop.game.play.class_member",)  # it tells the class's host who plays
SET_UP = {f"{OURS}.set_up": "set_up", "workshop.bootstrap": "set_up"}
# By the names on PyPI; which versions, the checkout's own pyproject.toml says.
GAME, NETLIB = ("pygame-ce",), ("websockets", "msgspec", "ifaddr")
TEST, TYPES = ("pytest", "pytest-asyncio", "pytest-timeout"), ("mypy",)
HOW_TO_START_HERE = (
    "Start it in the project's folder, with the Python that knows netlib (`.venv/bin/python`, on Windows "
    "`.venv\\Scripts\\python`).\n"
)
ONLY_HERE = "In the workshop's repository, "  # so begins a chapter that is of no use over there
SOMEBODY_ELSES = "The package named netlib on PyPI is somebody else's: nothing here needs it."
COPIED = (
    "`netlib/` is a copy of the network library of pygame-multiplayer-workshop {}, under its licence "
    f"(`netlib/LICENSE`); it is yours to read and to change. {SOMEBODY_ELSES}"
)
INSTALLED = f"netlib, the network library, is installed from `{{}}`: see `pyproject.toml`. {SOMEBODY_ELSES}"

Files = dict[PurePosixPath, str | bytes]  # by their paths in the project


def contents(kind: Kind, names: Names, dependency: str = "") -> Files:
    """Return a project's files.

    Args:
        dependency: the requirement that gives netlib; without it, netlib is copied.

    Raises:
        OSError: something in the checkout cannot be read.
    """
    modules = closure(_first(kind), ROOT, instead=INSTEAD, without=WITHOUT)
    homes = dict.fromkeys(("examples", "workshop", "workshop.game", "solutions.step14_public"), names.package)
    renamed = new_names(modules, {**homes, kind.package: names.package})
    words = _words(kind, names)
    files = _copied(modules, renamed, words) | _set_up()
    for test in kind.folder.glob("test_*.py"):
        files[_test_path(test.name, kind)] = rewritten(_read(test), renamed, words)
    readme = rewritten(_read(kind.folder / "README.md"), renamed, words)
    files |= _from_templates({**_filling(kind, names, dependency), **_parts(readme)})
    files[PurePosixPath(kind.picture.name)] = kind.picture.read_bytes()
    files[PurePosixPath("LICENSE")] = _read(ROOT / "LICENSE")
    return files if dependency else files | _netlib()


def _first(kind: Kind) -> list[str]:
    """Return the modules of a kind that are no tests."""
    names = [path.stem for path in kind.folder.glob("*.py") if not path.stem.startswith("test_")]
    return [kind.package, *(f"{kind.package}.{name}" for name in names if name != "__init__")]


def _words(kind: Kind, names: Names) -> dict[str, str]:
    """Return what is not called after a module, and has a new name over there."""
    start, room = "python3 play.py", kind.name.title()
    return {
        **{f"examples.{other}": names.package for other in NAMES if other != kind.name},
        f"python -m {kind.package}": start,
        'f"python -m {package}"': f'"{start}"',
        HOW_TO_START_HERE: "",
        f"`test_{kind.name}.py`": "`tests/test_game.py`",
        f'Server("{room}"': f'Server("{names.title}"',
        "Gem Rush": names.title,
        "GemRush": names.room,
        "GEM_RUSH": names.package.upper(),
        "WorkshopError": "GameError",
    }


def _copied(modules: Mapping[str, Path], renamed: Mapping[str, str], words: Mapping[str, str]) -> Files:
    """Return modules in their new places. Of two packages that become one, the first has the docstring."""
    files: Files = {}
    for old, path in modules.items():
        home = PurePosixPath(*renamed[old].split(".")) if old in renamed else None
        place = home and (home / "__init__.py" if path.stem == "__init__" else home.with_suffix(".py"))
        if place and place not in files:
            absent = {it.stem for it in path.parent.iterdir()} - {it.rpartition(".")[2] for it in modules}
            source = without_paragraphs(without(_read(path), WITHOUT), absent)
            files[place] = rewritten(source, renamed, words)
    return files


def _set_up() -> Files:
    modules = closure([f"{OURS}.set_up"], ROOT)
    return _copied(modules, new_names(modules, SET_UP), {})


def _test_path(name: str, kind: Kind) -> PurePosixPath:
    return PurePosixPath("tests", "test_game.py" if name == f"test_{kind.name}.py" else name)


def _filling(kind: Kind, names: Names, dependency: str) -> dict[str, str]:
    """Return what stands in the templates under a name."""
    project = tomllib.loads(_read(ROOT / "pyproject.toml"))["project"]
    extras, version = project["optional-dependencies"], project["version"]
    known = [*project["dependencies"], *extras["test"], *extras["dev"]]
    netlib = [dependency] if dependency else _bounds(NETLIB, known)
    return {
        "package": names.package,
        "title": names.title,
        "project": names.package.replace("_", "-"),
        "about": kind.about,
        "dependencies": _listed([*_bounds(GAME, known), *netlib]),
        "test": _listed(_bounds(TEST, known)),
        "types": _listed(_bounds(TYPES, known)),
        "netlib": INSTALLED.format(dependency) if dependency else COPIED.format(version),
    }


def _bounds(packages: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the requirements for packages, with the versions that the checkout asks for."""
    by_name = {Requirement(text).name: text for text in known}
    return [by_name[name] for name in packages]


def _listed(requirements: Iterable[str]) -> str:
    return "".join(f'    "{text}",\n' for text in requirements)


def _parts(readme: str) -> dict[str, str]:
    """Return what a kind's README says before its first chapter, without the title, and the chapters."""
    opening, *chapters = readme.split("\n## ")
    useful = [f"## {it.strip()}" for it in chapters if f"\n\n{ONLY_HERE}" not in it]
    return {"opening": opening.partition("\n")[2].strip(), "chapters": "\n\n".join(useful)}


def _from_templates(filling: Mapping[str, str]) -> Files:
    paths = ROOT.joinpath(*OURS.split("."), "templates").glob("*.txt")
    return {PurePosixPath(path.stem): Template(_read(path)).substitute(filling) for path in paths}


def _netlib() -> Files:
    """Return netlib's own files, with the licence."""
    paths = [path for path in (ROOT / "netlib").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    files: Files = {PurePosixPath(path.relative_to(ROOT).as_posix()): path.read_bytes() for path in paths}
    return {**files, PurePosixPath("netlib", "LICENSE"): _read(ROOT / "LICENSE")}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
