"""All files of a project, for each kind."""

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement

from tests.support.processes import ROOT
from tests.support.sources import imports
from workshop.new_project.contents import Files, contents
from workshop.new_project.kinds import NAMES, kind_of
from workshop.new_project.naming import Names

NAMED = Names("my_game", "My Game")
ALLOWED = {
    "my_game",
    "netlib",
    "set_up",
    "pygame",
    "msgspec",
    "websockets",
    "pytest",
    *sys.stdlib_module_names,
}
# What a project may say of where it comes from, and where there is more.
OF_THE_KIT = r"pygame-multiplayer-workshop|workshop (new|shows it)\b|workshop's repository, `[\w./]+`"
OF_THE_COURSE = r"\b(workshop|examples\.|examples/|solutions|attendees?|instructor|step ?\d\d|Gem ?Rush)"

each = pytest.mark.parametrize("kind", NAMES)


@cache
def files_of(kind: str) -> Files:
    """Return a project's files; nobody changes them."""
    return contents(kind_of(kind), NAMED)


def texts(kind: str, *suffixes: str) -> dict[PurePosixPath, str]:
    """Return the texts of a project with such endings, without netlib's."""
    files = {path: text for path, text in files_of(kind).items() if path.parts[0] != "netlib"}
    return {path: text for path, text in files.items() if isinstance(text, str) and path.suffix in suffixes}


def test_every_example_is_a_kind() -> None:
    """A new example can be had by builders, too."""
    assert sorted(path.parent.name for path in (ROOT / "examples").glob("*/__main__.py")) == sorted(NAMES)


@each
def test_a_kind_has_a_line_and_a_picture(kind: str) -> None:
    """The list of kinds is of use."""
    found = kind_of(kind)
    assert 15 < len(found.about) < 80 and not found.about.endswith(".")
    assert found.picture.read_bytes().startswith(b"\x89PNG")


@each
def test_it_has_all_that_a_project_needs(kind: str) -> None:
    """What is started, what is tested, what is installed, and whose it is."""
    top = ("README.md", "pyproject.toml", "play.py", "test.py", ".gitignore", "LICENSE", "netlib/LICENSE")
    inside = ("my_game/__init__.py", "my_game/__main__.py", "tests/test_game.py", "set_up/__init__.py")
    assert {PurePosixPath(it) for it in (*top, *inside)} <= {*files_of(kind)}
    assert files_of(kind)[PurePosixPath("LICENSE")] == (ROOT / "LICENSE").read_text(encoding="utf-8")


@each
def test_it_stands_alone(kind: str) -> None:
    """It imports itself, netlib and what it says it needs; what it imports of itself is there."""
    own = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in texts(kind, ".py")}
    for path, text in texts(kind, ".py").items():
        found = imports(text, ".".join(path.parent.parts))
        assert {name.partition(".")[0] for name in found} <= ALLOWED, path
        mine = {name for name in found if name.partition(".")[0] in ("my_game", "set_up")}
        assert all(name in own or name.rpartition(".")[0] in own for name in mine), (path, mine)


@each
def test_nothing_of_the_course_is_left(kind: str) -> None:
    """No text names a module, a folder or a person that is not there."""
    for path, text in texts(kind, ".py", ".md", ".toml").items():
        found = re.findall(OF_THE_COURSE, re.sub(OF_THE_KIT, "", text))
        assert not found and "Python that knows netlib" not in text, (path, found)


@each
def test_the_readme_leads_somewhere(kind: str) -> None:
    """Every link is to a file of the project, and every module that it names is one."""
    text = texts(kind, ".md")[PurePosixPath("README.md")]
    paths = {path.as_posix() for path in files_of(kind)}
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links and set(links) <= paths
    folders = {f"{folder.as_posix()}/" for path in files_of(kind) for folder in path.parents}
    named = set(re.findall(r"`([\w./]+(?:\.(?:py|md|toml)|/))`", re.sub(OF_THE_KIT, "", text)))
    assert {it for it in named if not {it, f"my_game/{it}"} & (paths | folders)} == set()
    assert text.startswith("# My Game\n") and "## Make it yours" in text


@each
def test_the_readme_says_where_to_change_what(kind: str) -> None:
    """Rules, art, messages and tests have their rows, and each name in a row is in one of its files."""
    chapter = (
        texts(kind, ".md")[PurePosixPath("README.md")]
        .partition("\n## Make it yours\n")[2]
        .partition("\n## ")[0]
    )
    rows = [row.strip("|").split(" | ") for row in chapter.splitlines() if row.startswith("| ")][2:]
    assert all(any(what in row[0] for row in rows) for what in ("rules", "art", "messages", "tests"))
    for _, words in rows:
        quoted = re.findall(r"`([\w./]+)`", words)
        files = [name for name in quoted if name.endswith(".py")]
        code = "".join(
            text for path, text in texts(kind, ".py").items() if path.as_posix().endswith(tuple(files))
        )
        wanted = [part for name in quoted if name not in files for part in name.split(".")]
        assert code and not [part for part in wanted if not re.search(rf"\b{part}\b", code)], words


@each
def test_package_docstrings_name_what_is_there(kind: str) -> None:
    """A reading order leads to no module that was left behind."""
    for path, text in texts(kind, ".py").items():
        if path.name == "__init__.py" and path.parts[0] == "my_game":
            modules = {
                other.parent.name if other.name == "__init__.py" else other.stem
                for other in texts(kind, ".py")
            }
            named = set(re.findall(r"`(\w+)`", ast.get_docstring(ast.parse(text)) or ""))
            assert named <= modules, path


@each
def test_the_packages_are_those_that_are_imported(kind: str) -> None:
    """pyproject.toml asks for what is used, in the versions that the checkout asks for."""
    project = tomllib.loads(texts(kind, ".toml")[PurePosixPath("pyproject.toml")])["project"]
    needed = {Requirement(it).name for it in project["dependencies"]}
    assert needed == {"pygame-ce", "websockets", "msgspec", "ifaddr"}
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["dependencies"]) <= set(ours["dependencies"])
    assert all(Requirement(it).specifier for it in project["optional-dependencies"]["test"])


def test_netlib_is_whole() -> None:
    """It is copied as it is, with its page about the protocol."""
    ours = [it for it in (ROOT / "netlib").rglob("*") if it.is_file() and "__pycache__" not in it.parts]
    for path in ours:
        assert files_of("square")[PurePosixPath(path.relative_to(ROOT).as_posix())] == path.read_bytes()


def test_netlib_from_elsewhere_is_not_copied() -> None:
    """It is one of the dependencies then, and the README says so."""
    files = contents(kind_of("square"), NAMED, "kit @ https://example.org/kit.zip")
    assert not [path for path in files if path.parts[0] == "netlib"]
    project = tomllib.loads(str(files[PurePosixPath("pyproject.toml")]))["project"]
    assert project["dependencies"] == ["pygame-ce>=2.5", "kit @ https://example.org/kit.zip"]
    assert "installed from `kit @ https://example.org/kit.zip`" in str(files[PurePosixPath("README.md")])


@each
def test_the_players_see_the_builders_name(kind: str) -> None:
    """Rooms are found by it, and nowhere is the example's own name on the screen."""
    code = "".join(texts(kind, ".py").values())
    assert f'Server("{kind.title()}"' not in code
    if kind != "gems":
        assert 'Server("My Game"' in code
    else:
        assert "MY_GAME_PASSWORD" in code and "class MyGameRoom" in code


def test_a_project_can_have_any_name_that_is_allowed(tmp_path: Path) -> None:
    """A name that is part of a module's own is no trouble."""
    files = contents(kind_of("gems"), Names("rules", "Rules"))
    assert "from rules.rules.units import" in str(files[PurePosixPath("rules", "rules", "movement.py")])
