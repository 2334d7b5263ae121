"""A bundle as a whole, of wheels that hold nothing."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.wheels import a_wheel, from_nowhere, only_from
from workshop.bundle import checkout, make, pages, wheels
from workshop.bundle.folder import Folder
from workshop.bundle.pages import Download
from workshop.bundle.targets import PLATFORMS, Target
from workshop.bundle.wheels import NotFetched
from workshop.errors import WorkshopError

pytestmark = pytest.mark.xdist_group("bundle")  # what is made once, is made in one process
WANTED = ["pygame-ce>=2.5", "click"]
TWO = [PLATFORMS["windows"], PLATFORMS["macos-apple"]]
ROOT = Path(__file__).resolve().parents[3]


class Told:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.done = self.total = 0

    def begin(self, title: str, total: int | None) -> None:
        self.total, self.done = total or 0, 0

    def step(self, what: str = "", *, done: int = 0) -> None:
        self.said.append(what)
        self.done += done


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give what pip knows: pygame for two Pythons on Windows and for one on macOS."""
    folder = tmp_path_factory.mktemp("index")
    for tag in ("cp311-cp311-win_amd64", "cp312-cp312-win_amd64", "cp311-cp311-macosx_11_0_arm64"):
        a_wheel(folder, "pygame-ce", "2.5.1", tag=tag)
    a_wheel(folder, "click", "8.1")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name, text in only_from(folder).items():
            monkeypatch.setenv(name, text)
        yield folder


@pytest.fixture(scope="module")
def made(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a project and a bundle of it: pip is asked often for that, which takes long."""
    folder = tmp_path_factory.mktemp("made")
    all_of_it(Folder(folder / "bundle"), a_project(folder), Told())
    return folder


@pytest.fixture
def again(made: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder, in which a test may change what it likes."""
    return shutil.copytree(made, tmp_path / "again")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a small project without git."""
    return a_project(tmp_path)


def a_project(folder: Path) -> Path:
    """Write a small project without git."""
    ours, others = ("pyproject.toml", "workshop/cli.py"), (".venv/x", "wheelhouse/y.whl")
    for path in (*ours, *others, "workshop/__pycache__/z.pyc"):
        file = folder / "project" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return folder / "project"


def all_of_it(folder: Folder, root: Path, told: Told) -> list[Download]:
    """Make a bundle for two platforms."""
    pythons = make.find_pythons(TWO, folder, WANTED, told)
    targets = [Target(platform, python) for platform in TWO for python in pythons]
    make.fetch_wheels(folder, targets, WANTED, told)
    make.pack_archives(folder, root, told)
    return list(make.downloads(folder))


def test_from_nothing_to_archives(made: Path) -> None:
    """Each platform gets one archive: the project, and wheels for all of its Pythons; what lacks is told."""
    folder = Folder(made / "bundle")
    windows, apple = make.downloads(folder)
    assert (windows.file, windows.pythons, windows.lacks) == ("workshop-windows.zip", "3.11 to 3.12", [])
    assert apple.pythons == "3.11"
    assert apple.lacks == [
        "Python 3.12 on macOS, Apple chip cannot be served: there is no wheel of pygame-ce for it."
    ]
    assert sorted(zipfile.ZipFile(folder.path / windows.file).namelist()) == [
        "pygame-workshop/pyproject.toml",
        "pygame-workshop/wheelhouse/click-8.1-py3-none-any.whl",
        "pygame-workshop/wheelhouse/pygame_ce-2.5.1-cp311-cp311-win_amd64.whl",
        "pygame-workshop/wheelhouse/pygame_ce-2.5.1-cp312-cp312-win_amd64.whl",
        "pygame-workshop/workshop/cli.py",
    ]


def test_again_does_nothing_twice(again: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run fetches and packs nothing, and needs no wheel that it has."""
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    archive, told = again / "bundle" / "workshop-windows.zip", Told()
    before = archive.stat()
    windows, _ = all_of_it(Folder(again / "bundle"), again / "project", told)
    after = archive.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert windows.pythons == "3.11 to 3.12"
    assert told.done == told.total > 0
    assert not [what for what in told.said if "Windows" in what or what.endswith(".zip")]


def test_a_changed_project_is_packed_anew(again: Path) -> None:
    """After a change of the project its files are in the archive."""
    (again / "project" / "workshop" / "cli.py").write_text("new")
    make.pack_archives(Folder(again / "bundle"), again / "project", Told())
    with zipfile.ZipFile(again / "bundle" / "workshop-windows.zip") as archive:
        assert archive.read("pygame-workshop/workshop/cli.py") == b"new"


def test_interrupted_and_run_again(
    index: Path, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After Ctrl-C in the middle, the next run fetches what was missing and nothing else."""
    real, asked = wheels.download, []

    def stops_at(name: str) -> Callable[..., None]:
        def download(
            requirements: list[str], target: Target, folder: Path, say: Callable[[str], object]
        ) -> None:
            asked.append(target.name)
            if target.name == name and len(requirements) == 1 and requirements[0] == "click":
                raise KeyboardInterrupt
            real(requirements, target, folder, say)

        return download

    monkeypatch.setattr(wheels, "download", stops_at("windows 3.12"))
    with pytest.raises(KeyboardInterrupt):
        all_of_it(Folder(tmp_path / "bundle"), root, Told())
    asked.clear()
    monkeypatch.setattr(wheels, "download", stops_at("nothing"))
    windows, _ = all_of_it(Folder(tmp_path / "bundle"), root, Told())
    assert "windows 3.11" not in asked
    assert windows.pythons == "3.11 to 3.12"
    assert not (tmp_path / "bundle" / ".wheels" / ".parts").exists()


def test_no_connection(again: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a connection there is one clear error; what an earlier run has fetched is enough."""
    for name, text in from_nowhere().items():
        monkeypatch.setenv(name, text)
    assert make.find_pythons(TWO, Folder(again / "bundle"), WANTED, Told()) == ["3.11", "3.12"]
    with pytest.raises(NotFetched, match="index cannot be reached"):
        make.find_pythons(TWO, Folder(tmp_path / "empty"), WANTED, Told())


def test_what_the_project_needs() -> None:
    """What is fetched is what the start installs: packages, tests, and what builds the project."""
    wanted = " ".join(make.requirements(ROOT))
    for name in ("pygame-ce", "segno", "pytest", "setuptools", "pip"):
        assert name in wanted


def test_the_checkout_is_what_was_committed() -> None:
    """With git, the files are those of the last commit, and nothing that only lies about."""
    paths = [source.path for source in checkout.files(ROOT)]
    assert paths == sorted(paths)
    assert {"pyproject.toml", "workshop/__main__.py"} <= set(paths)
    assert not [path for path in paths if path.startswith((".venv", ".git/"))]


def test_a_folder_inside_of_another_repository(root: Path) -> None:
    """A checkout without git of its own, inside somebody's repository, is read as it is."""
    assert [source.path for source in checkout.files(root)] == ["pyproject.toml", "workshop/cli.py"]


def test_guides_find_each_other_as_files() -> None:
    """Every link of a guide leads to a file of the bundle, or to a whole address; none to a server's path."""
    written = dict(pages.all_guides())
    for path, data in written.items():
        for link in re.findall(r'(?:href|src)="([^"]*)"', data.decode()) if path.endswith(".html") else []:
            known = f"guides/{link}" in written or link == "../index.html" or "://" in link
            assert known or link.startswith("#"), f"{path}: {link}"


def test_the_start_page() -> None:
    """It has the commands of each system, what is missing, and no external address."""
    windows = Download("windows", "Windows", "workshop-windows.zip", 74_000_000, "3.11 to 3.13")
    intel = Download("macos-intel", "macOS, <Intel> chip", lacks=["There is no wheel of x & y."])
    page = pages.start_page([windows, intel], with_slides=True).decode()
    assert "py -m zipfile -e workshop-windows.zip ." in page
    assert "74 MB,</span> for Python 3.11 to 3.13" in page
    assert "There is no wheel of x &amp; y." in page
    assert "&lt;Intel&gt;" in page
    assert 'href="guides/step00_ready.html"' in page and 'href="guides/take_home.html"' in page
    assert "slides/index.html" in page
    assert "://" not in page
    assert "slides/index.html" not in pages.start_page([windows], with_slides=False).decode()


def test_slides_that_cannot_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without slides the bundle is whole in all else, and says so."""

    def fail() -> bytes:
        raise WorkshopError("There are no decks.")

    monkeypatch.setattr(make, "build", fail)
    problems = make.write_pages(Folder(tmp_path), [], Told())
    assert problems == ["The slides are not in it: There are no decks."]
    assert (tmp_path / "index.html").is_file()
